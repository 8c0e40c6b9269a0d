"""Privacy grades of the access log: for the auditor's eyes."""

from __future__ import annotations

from apps.core.grades import INTERNAL, Category, FieldGrade, Grade, graded

GRADES = (
    graded(
        "AccessEntry",
        id=INTERNAL,
        at=INTERNAL,
        user_id=FieldGrade(Grade.L2, Category.IDENTITY),
        role=INTERNAL,
        action=INTERNAL,
        object_type=INTERNAL,
        object_id=INTERNAL,
        fields=INTERNAL,
        objects_seen=INTERNAL,
        purpose=INTERNAL,
        rows=INTERNAL,
        result=INTERNAL,
        address=FieldGrade(Grade.L2, Category.LOCATION),
        request_id=INTERNAL,
        lasting=INTERNAL,
    )
    | graded(
        "AccessLink",
        position=INTERNAL,
        entry_id=INTERNAL,
        lasting=INTERNAL,
        row_digest=INTERNAL,
        digest=INTERNAL,
        sealed_at=INTERNAL,
    )
    | graded(
        "AccessAnchor",
        id=INTERNAL,
        at=INTERNAL,
        position=INTERNAL,
        digest=INTERNAL,
        purged_short=INTERNAL,
        purged_long=INTERNAL,
        mac=INTERNAL,
    )
    | graded(
        "Change",
        id=INTERNAL,
        at=INTERNAL,
        user_id=FieldGrade(Grade.L2, Category.IDENTITY),
        actor=INTERNAL,
        request_id=INTERNAL,
        operation=INTERNAL,
        object_type=INTERNAL,
        object_id=INTERNAL,
        changed=FieldGrade(Grade.L4, Category.IDENTITY),
    )
)

# Fields that read like a person's and are not, or that colleagues need: each with its reason.
NOT_PERSONAL = {
    "AccessEntry.address": "an address in the network, for the auditor alone",
}
