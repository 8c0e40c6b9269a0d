"""Privacy grades of the farm domain."""

from __future__ import annotations

from apps.core.grades import INTERNAL, PUBLIC, Category, FieldGrade, Grade, Mask, graded

HOLDER = FieldGrade(Grade.L3, Category.IDENTITY, Mask.NAME)
PHONE = FieldGrade(Grade.L3, Category.CONTACT, Mask.PHONE)

GRADES = {
    **graded(
        "Farm",
        id=PUBLIC,
        code=PUBLIC,
        name=PUBLIC,
        division=PUBLIC,
        geometry=INTERNAL,
        geometry_3857=INTERNAL,
        holder_name=HOLDER,
        holder_phone=PHONE,
    ),
    **graded(
        "Crop",
        id=PUBLIC,
        code=PUBLIC,
        name=PUBLIC,
        kc_initial=PUBLIC,
        kc_middle=PUBLIC,
        kc_late=PUBLIC,
        root_depth=PUBLIC,
    ),
    **graded(
        "Field",
        id=INTERNAL,
        code=INTERNAL,
        name=INTERNAL,
        farm=INTERNAL,
        crop=INTERNAL,
        thing=INTERNAL,
        area=INTERNAL,
        geometry=INTERNAL,
        geometry_3857=INTERNAL,
    ),
    **graded("Zone", id=INTERNAL, code=INTERNAL, name=INTERNAL, field=INTERNAL, flow=INTERNAL, area=INTERNAL),
    **graded(
        "WeatherStation",
        id=PUBLIC,
        code=PUBLIC,
        name=PUBLIC,
        division=PUBLIC,
        geometry=PUBLIC,
        geometry_3857=PUBLIC,
        thing=INTERNAL,
        elevation=PUBLIC,
    ),
}
