"""A value as it may leave, by the decision of the kernel.

Free text is masked together with the row that it stands in: what else the row knows of a person is taken out
first. A model whose texts speak of other rows names them by ``speaks_of``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any

from django.db.models import ForeignKey, Model

from apps.core.grades import Category, Mask
from apps.privacy.data import Decision, Outcome
from apps.privacy.finder import NOTHING, Own
from apps.privacy.masks import MASKS
from apps.privacy.masks.points import point_masked
from apps.privacy.masks.texts import text_masked
from apps.privacy.policy.grades import grades_of

LonLat = tuple[float, float]
# What a field knows, by its mask or, where it has none, by its category.
NAMES, NUMBERS = frozenset({Mask.NAME}), frozenset({Mask.PHONE, Mask.IDENTITY, Mask.EMAIL, Mask.PLATE})
BIRTHS = frozenset({Mask.AGE, Mask.YEAR})
TELLING = frozenset({Category.IDENTITY, Category.CONTACT, Category.MINOR})


def masked(value: Any, decision: Decision, *, row: Any = None) -> Any:
    """The value as it may leave: itself, its mask, or None when it is hidden, aggregated only, or empty.

    ``row`` is the row that a text stands in; without it the mask knows only what a finder can find.
    """
    if decision.is_clear or value is None or value == "":
        return value
    if decision.outcome is not Outcome.MASKED:
        return None
    if decision.mask is Mask.TEXT:
        return text_masked(value, known_of(row) if isinstance(row, Model) else NOTHING)
    return MASKS[decision.mask](value)


def _middle(place: LonLat) -> LonLat:
    cell = point_masked(place)
    return cell.x, cell.y


def line_masked(line: Sequence[LonLat], *, around: Iterable[LonLat]) -> list[LonLat]:
    """A line that passes protected places, as fine as their masks: in a place's grid cell its middle only."""
    cells = {_middle(place) for place in around}
    shown = [middle if (middle := _middle(point)) in cells else point for point in line]
    return [point for number, point in enumerate(shown) if not number or point != shown[number - 1]]


def known_of(row: Model) -> Own:
    """The personal fields of a row, of the personal rows that it points to, and of those it speaks of."""
    spoken_of: Iterable[Model] = getattr(row, "speaks_of", tuple)()
    rows = [row, *_people_of(row), *spoken_of]
    found = [pair for one in rows for pair in _known(one)]
    return Own(
        names=tuple(str(value) for mask, value in found if mask in NAMES),
        numbers=tuple(str(value) for mask, value in found if mask in NUMBERS),
        addresses=tuple(str(value) for mask, value in found if mask is Mask.ADDRESS),
        births=tuple(
            value.isoformat()[:10] for mask, value in found if mask in BIRTHS and isinstance(value, date)
        ),
    )


def _known(row: Model) -> Iterator[tuple[Mask, Any]]:
    for name, mask in _telling_fields(row._meta.label):
        value = getattr(row, name, None)
        if value not in (None, ""):
            yield mask, value


@cache
def _telling_fields(label: str) -> tuple[tuple[str, Mask], ...]:
    """The fields that tell who somebody is; one without a mask of its own counts as a number."""
    kinds = NAMES | NUMBERS | BIRTHS | {Mask.ADDRESS}
    found = [(name, grade) for name, grade in grades_of(label).items() if not name.endswith("_index")]
    return tuple(
        (name, grade.mask if grade.mask in kinds else Mask.IDENTITY)
        for name, grade in found
        if grade.mask in kinds or (grade.category in TELLING and grade.mask is Mask.NONE)
    )


def _people_of(row: Model) -> Iterator[Model]:
    """The personal rows that a row points to: the patient of a stay."""
    for field in row._meta.concrete_fields:
        if isinstance(field, ForeignKey) and getattr(field.related_model, "PERSONAL", False):
            related = getattr(row, field.name)
            if related is not None:
                yield related
