"""Privacy grades of the city domain."""

from __future__ import annotations

from apps.core.grades import INTERNAL, PUBLIC, SECRET, Category, FieldGrade, Grade, Mask, graded

CALLER = FieldGrade(Grade.L3, Category.IDENTITY, Mask.NAME)
TELEPHONE = FieldGrade(Grade.L3, Category.CONTACT, Mask.PHONE)
IDENTITY_NUMBER = FieldGrade(Grade.L4, Category.IDENTITY, Mask.IDENTITY)
WORDS = FieldGrade(Grade.L3, Category.IDENTITY, Mask.TEXT)  # callers name themselves and others
HOME = FieldGrade(Grade.L3, Category.LOCATION, Mask.ADDRESS)
HOME_POINT = FieldGrade(Grade.L3, Category.LOCATION, Mask.POINT)

PLACES = {
    **graded(
        "District",
        id=PUBLIC,
        code=PUBLIC,
        name=PUBLIC,
        name_en=PUBLIC,
        geometry=PUBLIC,
        geometry_3857=PUBLIC,
    ),
    **graded(
        "RoadSegment",
        id=PUBLIC,
        code=PUBLIC,
        name=PUBLIC,
        name_en=PUBLIC,
        road_class=PUBLIC,
        lanes=PUBLIC,
        speed_limit=PUBLIC,
        length=PUBLIC,
        division=PUBLIC,
        thing=INTERNAL,
        geometry=PUBLIC,
        geometry_3857=PUBLIC,
    ),
    **graded("RoadLink", id=INTERNAL, source=INTERNAL, target=INTERNAL, weight=INTERNAL),
    **graded(
        "AirStation",
        id=PUBLIC,
        code=PUBLIC,
        name=PUBLIC,
        name_en=PUBLIC,
        division=PUBLIC,
        thing=INTERNAL,
        geometry=PUBLIC,
        geometry_3857=PUBLIC,
    ),
    **graded(
        "InspectionSite",
        id=INTERNAL,
        code=INTERNAL,
        name=INTERNAL,
        division=INTERNAL,
        category=INTERNAL,
        service_minutes=INTERNAL,
        opens=INTERNAL,
        closes=INTERNAL,
        priority=INTERNAL,
        interval_days=INTERNAL,
        last_inspected_at=INTERNAL,
        geometry=INTERNAL,
        geometry_3857=INTERNAL,
    ),
}

REQUESTS = graded(
    "ServiceRequest",
    id=INTERNAL,
    number=INTERNAL,
    text=WORDS,
    category=INTERNAL,
    address=HOME,
    division=INTERNAL,
    department=INTERNAL,
    state=INTERNAL,
    received_at=INTERNAL,
    deadline=INTERNAL,
    closed_at=INTERNAL,
    reporter_name=CALLER,
    reporter_phone=TELEPHONE,
    reporter_phone_index=SECRET,
    reporter_id_number=IDENTITY_NUMBER,
    reporter_id_number_index=SECRET,
    geometry=HOME_POINT,
    geometry_3857=HOME_POINT,
)

REPLIES = graded(
    "RequestReply",
    id=INTERNAL,
    request=INTERNAL,
    kind=INTERNAL,
    text=WORDS,
    written_by=INTERNAL,
    written_at=INTERNAL,
)

GRADES = {**PLACES, **REQUESTS, **REPLIES}
