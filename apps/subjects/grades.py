"""Privacy grades of the subject rights: who asks is as secret as what is asked about."""

from __future__ import annotations

from apps.core.grades import INTERNAL, RESTRICTED, Category, FieldGrade, Grade, Mask, graded

NAME = FieldGrade(Grade.L4, Category.IDENTITY, Mask.NAME)
IDENTITY_NUMBER = FieldGrade(Grade.L4, Category.IDENTITY, Mask.IDENTITY)
PHONE = FieldGrade(Grade.L4, Category.CONTACT, Mask.PHONE)
BIRTH = FieldGrade(Grade.L4, Category.IDENTITY, Mask.YEAR)
PERSONAL = FieldGrade(Grade.L4, Category.IDENTITY)

REQUEST = (
    *("id", "kind", "asker", "state", "received_by", "received_at", "due_on", "proof", "checked_by"),
    *("checked_at", "searched", "refusal", "result", "file_digest", "ended_by", "ended_at"),
)
INCIDENT = (
    *("id", "breach", "title", "state", "occurred_at", "found_at", "leaked", "cause", "harm", "measures"),
    *("report_due_at", "reported_at", "notified_at", "closed_at", "opened_by"),
)

GRADES = {
    **graded(
        "SubjectRequest",
        **dict.fromkeys(REQUEST, INTERNAL),
        id_number=IDENTITY_NUMBER,
        phone=PHONE,
        name=NAME,
        birth_date=BIRTH,
        institution_number=PERSONAL,
        changes=PERSONAL,
        proof_note=PERSONAL,
        answer=PERSONAL,
    ),
    **graded(
        "SubjectMatch",
        id=INTERNAL,
        request=INTERNAL,
        object_type=INTERNAL,
        object_id=RESTRICTED,
        by=INTERNAL,
        strength=INTERNAL,
        confirmed=INTERNAL,
    ),
    **graded("Tombstone", id=INTERNAL, request=INTERNAL, at=INTERNAL, rows=RESTRICTED, kept=INTERNAL),
    **graded("Incident", **dict.fromkeys(INCIDENT, INTERNAL)),
}
