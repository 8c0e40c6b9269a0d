"""What a planner may set, held against the declaration, and named places against the policy kernel."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer
from apps.core.declarations import Parameter, Places
from apps.core.errors import ProblemError
from apps.core.moments import day_read
from apps.privacy.services import RowPolicy, visible_rows

Value = float | str | list[str]
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?", re.ASCII)
GEOMETRY = "geometry"


def parameters_check(
    declared: Sequence[Parameter], given: Mapping[str, Any], *, viewer: Viewer
) -> dict[str, Value]:
    """Every declared parameter as a plan keeps it; what is not given takes its default.

    ProblemError names the parameter that is not declared, does not fit, or names a place that the viewer does
    not see clear.
    """
    known = [item.key for item in declared]
    unknown = sorted(set(given) - {*known})
    if unknown:
        detail = _("There is no such parameter; there are: %(values)s.") % {"values": ", ".join(known)}
        raise ProblemError(detail, unknown[0], code="unknown")
    return {
        item.key: READERS[item.kind](item, given.get(item.key, item.default), viewer) for item in declared
    }


def _number(item: Parameter, value: Any, _viewer: Viewer) -> float:
    number = _float(item, value)
    if not item.low <= number <= item.high or (item.whole and number != int(number)):
        limits = {"low": number_format(item.low), "high": number_format(item.high)}
        words = (
            _("Give a whole number from %(low)s to %(high)s.")
            if item.whole
            else _("Give a number from %(low)s to %(high)s.")
        )
        raise ProblemError(words % limits, item.key, code="range")
    return number


def _float(item: Parameter, value: Any) -> float:
    is_text = isinstance(value, str) and NUMBER.fullmatch(value.strip())
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        if is_text or is_number:
            return float(value)
    except OverflowError:
        pass
    raise ProblemError(_("Give a number."), item.key, code="type")


def _choice(item: Parameter, value: Any, _viewer: Viewer) -> float:
    chosen = {float(key): title for key, title in item.choices}
    number = _float(item, value)
    if number not in chosen:
        titles = "; ".join(f"{key} = {title}" for key, title in item.choices)
        raise ProblemError(
            _("Choose one of these: %(choices)s.") % {"choices": titles}, item.key, code="choice"
        )
    return number


def _date(item: Parameter, value: Any, _viewer: Viewer) -> str:
    text = value.strip() if isinstance(value, str) else value
    if text == "":
        return ""
    day = day_read(text)
    if day is None:
        raise ProblemError(_("Give a date as year-month-day, such as 2026-03-31."), item.key, code="type")
    first, last = (timezone.localdate() + timedelta(days=days) for days in (item.low, item.high))
    if not first <= day <= last:
        limits = {"first": date_format(first, "DATE_FORMAT"), "last": date_format(last, "DATE_FORMAT")}
        raise ProblemError(_("Give a date from %(first)s to %(last)s.") % limits, item.key, code="range")
    return day.isoformat()


def _place(item: Parameter, value: Any, viewer: Viewer) -> str:
    if not isinstance(value, str):
        raise ProblemError(_("Give the code of one place."), item.key, code="type")
    code = value.strip()
    if code:
        _places_known(item, [code], viewer)
    return code


def _places(item: Parameter, value: Any, viewer: Viewer) -> list[str]:
    listed = value or []
    if not isinstance(listed, list | tuple) or not all(isinstance(code, str) for code in listed):
        raise ProblemError(_("Give a list of codes of places."), item.key, code="type")
    codes = list(dict.fromkeys(code.strip() for code in listed if code.strip()))
    if len(codes) > item.high:
        words = _("Choose at most %(most)s places; these are %(count)s.")
        limits = {"most": number_format(item.high), "count": number_format(len(codes))}
        raise ProblemError(words % limits, item.key, code="range")
    _places_known(item, codes, viewer)
    return codes


def _places_known(item: Parameter, codes: Sequence[str], viewer: Viewer) -> None:
    """Refuse codes of rows that the viewer does not know of, or whose place is masked for them."""
    found = places_named(item.places, codes, viewer=viewer)
    missing = [code for code in codes if code not in found]
    if missing:
        words = _("There is no such place, or you may not know of it: %(codes)s.")
        raise ProblemError(words % {"codes": _some(missing)}, item.key, code="unknown")
    masked = [code for code, place in found.items() if not place.is_clear]
    if masked:
        words = _(
            "You may not see the exact place of %(codes)s, so you cannot plan a way there; "
            "ask somebody who is cleared for it."
        )
        raise ProblemError(words % {"codes": _some(masked)}, item.key, 403, code="masked")


def _some(codes: Sequence[str], most: int = 10) -> str:
    return ", ".join(codes[:most]) + (" …" if len(codes) > most else "")


class NamedPlace:
    """A row that a planner named: what it is, and whether the viewer sees its exact place."""

    def __init__(self, kind: Places, row: Model, *, is_clear: bool) -> None:
        self.kind, self.row, self.is_clear = kind, row, is_clear


def places_named(kinds: Sequence[Places], codes: Sequence[str], *, viewer: Viewer) -> dict[str, NamedPlace]:
    """The rows that the viewer may know of by these codes; a code that is masked for them finds none."""
    found: dict[str, NamedPlace] = {}
    for kind in kinds:
        model = apps.get_model(kind.model)
        rows = visible_rows(viewer, model._default_manager.filter(**{f"{kind.key}__in": [*codes]}))
        policy = RowPolicy(viewer, model)
        for row in rows:
            decisions = policy.fields(row)
            if decisions[kind.key].is_clear and getattr(row, kind.key) not in found:
                clear = decisions[GEOMETRY].is_clear
                found[getattr(row, kind.key)] = NamedPlace(kind, row, is_clear=clear)
    return found


READERS: dict[str, Callable[[Parameter, Any, Viewer], Value]] = {
    "number": _number,
    "choice": _choice,
    "date": _date,
    "place": _place,
    "places": _places,
}
