"""Privacy grades of the hospital domain; health data are L4 (GB/T 39725-2020)."""

from __future__ import annotations

from apps.core.grades import INTERNAL, PUBLIC, RESTRICTED, SECRET, Category, FieldGrade, Grade, Mask, graded

STAFF = FieldGrade(Grade.L3, Category.IDENTITY, Mask.NAME)
STAFF_PHONE = FieldGrade(Grade.L4, Category.CONTACT, Mask.PHONE)  # people's own: for a stated purpose only
PATIENT = FieldGrade(Grade.L4, Category.HEALTH, Mask.NAME)
PATIENT_ID = FieldGrade(Grade.L4, Category.IDENTITY, Mask.IDENTITY)
PATIENT_PHONE = FieldGrade(Grade.L4, Category.CONTACT, Mask.PHONE)
BIRTH = FieldGrade(Grade.L4, Category.IDENTITY, Mask.AGE)
HEALTH = FieldGrade(Grade.L4, Category.HEALTH)

GRADES = {
    **graded(
        "Hospital",
        id=PUBLIC,
        code=PUBLIC,
        name=PUBLIC,
        division=PUBLIC,
        geometry=PUBLIC,
        geometry_3857=PUBLIC,
        thing=INTERNAL,
        level=PUBLIC,
    ),
    **graded("Ward", id=INTERNAL, code=INTERNAL, name=INTERNAL, hospital=INTERNAL, specialty=INTERNAL),
    **graded("Bed", id=INTERNAL, code=INTERNAL, name=INTERNAL, ward=INTERNAL, isolation=INTERNAL),
    **graded(
        "Theatre",
        id=INTERNAL,
        code=INTERNAL,
        name=INTERNAL,
        hospital=INTERNAL,
        opens=INTERNAL,
        closes=INTERNAL,
    ),
    **graded(
        "StaffMember",
        id=INTERNAL,
        ward=INTERNAL,
        number=INTERNAL,
        name=STAFF,
        phone=STAFF_PHONE,
        phone_index=SECRET,
        skill=INTERNAL,
        weekly_hours=INTERNAL,
    ),
    **graded(
        "Patient",
        id=RESTRICTED,
        hospital=INTERNAL,
        pseudonym=RESTRICTED,
        name=PATIENT,
        id_number=PATIENT_ID,
        id_number_index=SECRET,
        phone=PATIENT_PHONE,
        phone_index=SECRET,
        birth_date=BIRTH,
        sex=RESTRICTED,
    ),
    **graded(
        "Encounter",
        id=RESTRICTED,
        patient=RESTRICTED,
        ward=INTERNAL,
        bed=RESTRICTED,
        kind=INTERNAL,
        arrived_at=RESTRICTED,
        left_at=RESTRICTED,
        diagnosis=HEALTH,
    ),
}
