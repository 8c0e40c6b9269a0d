"""Privacy grades of the school domain; what tells who a minor is has the highest grade."""

from __future__ import annotations

from apps.core.grades import INTERNAL, PUBLIC, RESTRICTED, SECRET, Category, FieldGrade, Grade, Mask, graded

STAFF = FieldGrade(Grade.L3, Category.IDENTITY, Mask.NAME)
STAFF_PHONE = FieldGrade(Grade.L4, Category.CONTACT, Mask.PHONE)  # people's own: for a stated purpose only
MINOR = FieldGrade(Grade.L4, Category.MINOR, Mask.NAME)
MINOR_BIRTH = FieldGrade(Grade.L4, Category.MINOR, Mask.AGE)
GUARDIAN_PHONE = FieldGrade(Grade.L4, Category.MINOR, Mask.PHONE)
RESULT = FieldGrade(Grade.L4, Category.MINOR)

GRADES = {
    **graded(
        "School",
        id=PUBLIC,
        code=PUBLIC,
        name=PUBLIC,
        division=PUBLIC,
        geometry=PUBLIC,
        geometry_3857=PUBLIC,
        thing=INTERNAL,
        stage=PUBLIC,
    ),
    **graded(
        "Room", id=INTERNAL, code=INTERNAL, name=INTERNAL, school=INTERNAL, thing=INTERNAL, seats=INTERNAL
    ),
    **graded(
        "Teacher",
        id=INTERNAL,
        school=INTERNAL,
        user=INTERNAL,
        number=INTERNAL,
        name=STAFF,
        phone=STAFF_PHONE,
        phone_index=SECRET,
    ),
    **graded("SchoolClass", id=INTERNAL, code=INTERNAL, name=INTERNAL, school=INTERNAL, size=INTERNAL),
    **graded(
        "Course",
        id=INTERNAL,
        code=INTERNAL,
        name=INTERNAL,
        school_class=INTERNAL,
        teacher=INTERNAL,
        weekly_lessons=INTERNAL,
    ),
    **graded(
        "Student",
        id=RESTRICTED,
        school_class=RESTRICTED,
        pseudonym=RESTRICTED,
        name=MINOR,
        birth_date=MINOR_BIRTH,
        guardian_phone=GUARDIAN_PHONE,
        guardian_phone_index=SECRET,
    ),
    **graded("Exercise", id=INTERNAL, code=INTERNAL, name=INTERNAL, skill=INTERNAL),
    **graded(
        "Answer", id=RESTRICTED, student=RESTRICTED, exercise=INTERNAL, answered_at=RESTRICTED, correct=RESULT
    ),
}
