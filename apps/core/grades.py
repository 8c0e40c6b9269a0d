"""How sensitive a field is, and what a viewer without the clearance gets instead.

Levels follow GB/T 43697-2024 (general data, four levels); categories follow GB/T 35273-2020.
Every app declares ``GRADES`` in its ``grades.py`` for every concrete field of every model.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Grade(IntEnum):
    """Sensitivity of a field, and equally the clearance of a viewer."""

    L1 = 1  # public: may be shown to anybody who may use the system
    L2 = 2  # internal: staff of the domain
    L3 = 3  # restricted: personal data, named need
    L4 = 4  # secret: sensitive personal data, stated purpose


class Category(StrEnum):
    """What a field says about people."""

    GENERAL = "general"
    IDENTITY = "identity"
    CONTACT = "contact"
    LOCATION = "location"
    HEALTH = "health"
    MINOR = "minor"
    CREDENTIAL = "credential"


class Mask(StrEnum):
    """What stands in the place of a value that is not shown clear."""

    NONE = "none"  # no mask exists: the field is hidden
    NAME = "name"  # 张三 -> 张*
    PHONE = "phone"  # 13812345678 -> 138****5678
    IDENTITY = "identity"  # 110101199001011234 -> 110***********1234
    ADDRESS = "address"  # keeps province, city and district
    TEXT = "text"  # what the finder finds is replaced by the word for it, long codes by stars
    POINT = "point"  # coordinates to a grid of PRIVACY_GRID_DEGREES, about one kilometre
    YEAR = "year"  # 1990-01-01 -> 1990
    AGE = "age"  # a date of birth to the age in bands of ten years: 30-39
    BAND = "band"  # 37 -> 30-39
    EMAIL = "email"  # zhang.san@example.org -> z***@example.org
    PLATE = "plate"  # 闽D12345 -> 闽D***45


@dataclass(frozen=True, slots=True)
class FieldGrade:
    """The grade of one field: level, category, and the mask below the clearance."""

    grade: Grade
    category: Category = Category.GENERAL
    mask: Mask = Mask.NONE


PUBLIC = FieldGrade(Grade.L1)
INTERNAL = FieldGrade(Grade.L2)
RESTRICTED = FieldGrade(Grade.L3)
SECRET = FieldGrade(Grade.L4, Category.CREDENTIAL)


def graded(model: str, **fields: FieldGrade) -> dict[str, FieldGrade]:
    """``graded("Thing", id=PUBLIC)`` -> ``{"Thing.id": PUBLIC}``: keeps declarations short."""
    return {f"{model}.{name}": grade for name, grade in fields.items()}


GRADES = graded(
    "Job",
    id=INTERNAL,
    kind=INTERNAL,
    title=INTERNAL,
    domain=INTERNAL,
    division=INTERNAL,
    state=INTERNAL,
    stage=INTERNAL,
    done=INTERNAL,
    total=INTERNAL,
    figures=INTERNAL,
    message=INTERNAL,
    result_url=INTERNAL,
    wish=INTERNAL,
    owner=INTERNAL,
    created_at=INTERNAL,
    started_at=INTERNAL,
    heartbeat_at=INTERNAL,
    attempts=INTERNAL,
    finished_at=INTERNAL,
)
