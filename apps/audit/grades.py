"""Privacy grades of the access log: for the auditor's eyes."""

from __future__ import annotations

from apps.core.grades import INTERNAL, Category, FieldGrade, Grade, graded

GRADES = graded(
    "AccessEntry",
    id=INTERNAL,
    at=INTERNAL,
    user_id=FieldGrade(Grade.L2, Category.IDENTITY),
    action=INTERNAL,
    object_type=INTERNAL,
    object_id=INTERNAL,
    purpose=INTERNAL,
    rows=INTERNAL,
    result=INTERNAL,
    address=FieldGrade(Grade.L2, Category.LOCATION),
    request_id=INTERNAL,
    previous=INTERNAL,
    digest=INTERNAL,
)
