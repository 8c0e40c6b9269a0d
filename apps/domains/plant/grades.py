"""Privacy grades of the plant domain."""

from __future__ import annotations

from apps.core.grades import INTERNAL, PUBLIC, RESTRICTED, Category, FieldGrade, Grade, Mask, graded

PERSON = FieldGrade(Grade.L3, Category.IDENTITY, Mask.NAME)
CUSTOMER = FieldGrade(Grade.L3, Category.IDENTITY, Mask.NAME)

GRADES = {
    **graded(
        "Plant",
        id=PUBLIC,
        code=PUBLIC,
        name=PUBLIC,
        division=PUBLIC,
        geometry=PUBLIC,
        geometry_3857=PUBLIC,
        thing=INTERNAL,
        operator=PUBLIC,
    ),
    **graded("Line", id=INTERNAL, code=INTERNAL, name=INTERNAL, plant=INTERNAL),
    **graded(
        "Machine",
        id=INTERNAL,
        code=INTERNAL,
        name=INTERNAL,
        line=INTERNAL,
        thing=INTERNAL,
        process=INTERNAL,
        rated_kw=INTERNAL,
    ),
    **graded(
        "Order",
        id=INTERNAL,
        plant=INTERNAL,
        number=INTERNAL,
        product=INTERNAL,
        quantity=RESTRICTED,
        customer=CUSTOMER,
        released_at=INTERNAL,
        due_at=INTERNAL,
    ),
    **graded(
        "Operation",
        id=INTERNAL,
        order=INTERNAL,
        sequence=INTERNAL,
        process=INTERNAL,
        minutes=INTERNAL,
        machine=INTERNAL,
        started_at=INTERNAL,
        finished_at=INTERNAL,
    ),
    **graded(
        "Inspection",
        id=INTERNAL,
        operation=INTERNAL,
        taken_at=INTERNAL,
        image=RESTRICTED,
        passed=INTERNAL,
        inspector=PERSON,
    ),
}
