"""Rows that could not be taken, said to whoever sent them: in their columns and the reader's language.

What is stored of a row are a code and the row itself; the sentence is made when somebody reads it, so that
it speaks their language, and quotes a cell only where the reader may see the row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.core.quantities import quantity, unit_symbol
from apps.sensing.files.mapping import ColumnMapping
from apps.sensing.ingest.codes import OF_ROWS
from apps.sensing.ingest.moments import latest_plausible
from apps.sensing.ingest.streams import first_default
from apps.sensing.models import Datastream, QuarantinedRow
from apps.sensing.times import MICROSECONDS, iso_moment, number_kind

QUOTED = 60  # characters of a cell in a sentence
CAUSES_MOST = 30
EXACT = 2.0**53  # below this a float holds every whole number
TIME, STREAM, VALUE, UNIT, STORED = "phenomenonTime", "datastream", "result", "unit", "stored"
READING = {TIME, STREAM, VALUE, UNIT, STORED}
COLUMN_OF = {TIME: "time", STREAM: "datastream", VALUE: "result", UNIT: "unit"}  # parts of a mapping
IN_UNITS = {"unit", "conflict"}
TITLES: dict[str, Promise] = {
    TIME: pgettext_lazy("part of a reading", "Time"),
    STREAM: pgettext_lazy("part of a reading", "Datastream"),
    VALUE: pgettext_lazy("part of a reading", "Value"),
    UNIT: pgettext_lazy("part of a reading", "Unit"),
    STORED: pgettext_lazy("part of a reading", "Stored value"),
    "row": pgettext_lazy("part of a reading", "Whole row"),
}
# By code, or by field and code: what is wrong and what to do, for whoever may not see the cell.
REASONS: dict[str, Promise] = {
    "datastream/missing": _("The row names no datastream. Fill in its key."),
    "phenomenonTime/missing": _("The row has no time. Fill it in."),
    "result/missing": _("The row has no value. Fill it in, or leave the row out."),
    "unknown": _(
        "The datastream is not known here. Correct its key in the file, or have it registered and take the "
        "row again."
    ),
    "result/type": _("The value is no number."),
    "comparator": _(
        "The value is only a limit of what could be measured. Give the measured value, or leave the row out."
    ),
    "not_finite": _("The value is not a finite number. Leave the row out."),
    "unit": _("The unit does not fit this datastream."),
    "phenomenonTime/type": _("The time cannot be read. Write it like 2026-01-02 03:00."),
    "format": _("The time cannot be read. Write it like 2026-01-02 03:00."),
    "no_offset": _("The time says no time zone. Choose the time zone of the file."),
    "too_old": _("The time lies before the first day that is plausible here. Check the year."),
    "future": _("The time lies in the future. Check the clock and the time zone of the file."),
    "conflict": _(
        "Another value is stored for this moment and stays. Correct the stored one, or dismiss this row."
    ),
    "row/unreadable": _("The row cannot be read. Look for a single quotation mark or a damaged cell."),
    "refused": _("The database cannot hold this row. Check its values."),
    "other_device": _("The datastream belongs to another device than the sender."),
}
UNQUOTED = _("The row could not be taken. Why is told to whoever may see the row.")
QUOTING: dict[str, Promise] = {
    "unknown": _(
        "There is no datastream “%(value)s” here. Correct its key in the file, or have it registered and "
        "take the row again."
    ),
    "result/type": _("“%(value)s” is no number."),
    "comparator": _(
        "“%(value)s” is only a limit of what could be measured. Give the measured value, or leave the row "
        "out."
    ),
    "unit": _("The unit “%(value)s” does not fit; values of this datastream are in %(unit)s."),
    "phenomenonTime/type": _("“%(value)s” cannot be read as a time. Write it like 2026-01-02 03:00."),
    "format": _("“%(value)s” cannot be read as a time. Write it like 2026-01-02 03:00."),
    "too_old": _("%(value)s lies before %(first)s, the first day that is plausible here. Check the year."),
    "future": _("%(value)s lies in the future. Check the clock and the time zone of the file."),
    "conflict": _(
        "Another value is stored for this moment (%(stored)s) and stays. Correct the stored one, or dismiss "
        "this row."
    ),
}
COUNTED: dict[str, Promise] = {
    "seconds": _("“%(value)s” counts seconds since 1970. Choose that for the numbers of the time column."),
    "microseconds": _("“%(value)s” counts microseconds since 1970. Give milliseconds or a date."),
    "nanoseconds": _("“%(value)s” counts nanoseconds since 1970. Give milliseconds or a date."),
    "excel": _(
        "“%(value)s” looks like a day as Excel counts them. Choose that for the numbers of the time column."
    ),
}


@dataclass(frozen=True, slots=True)
class FaultSaid:
    """One row that could not be taken: line and column of its file, why, and its cells by column."""

    line: int
    column: str
    reason: str
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Cause:
    """What is wrong with several rows: where it was first, and with how many."""

    column: str
    reason: str
    first: int
    count: int


def faults_said(rows: Iterable[Any], mapping: Mapping[str, Any] | None = None) -> list[FaultSaid]:
    """Rows of quarantine as their reader may have them (``row`` None where it is closed), in words.

    ``mapping`` is that of the file they came in; without it the parts of a reading have their own titles.
    """
    several = list(rows)
    known, units = _mapping(mapping), _units(several)
    return [_said(row, known, units) for row in several]


def reason_told(fault: Any, *, clear: bool) -> str:
    """The stored reason; without the values of row and store for whom the row is not ``clear``."""
    return str(fault.reason) if clear else reason_plain(fault.code, fault.field)


def reason_plain(code: str, field: str) -> str:
    """What is wrong with a row in words that quote nothing of it."""
    return _reason(code, field) or str(OF_ROWS.get(code, UNQUOTED))


def fault_causes(
    rows: QuerySet[QuarantinedRow], mapping: Mapping[str, Any] | None, *, clear: bool
) -> list[Cause]:
    """Why rows are in quarantine, the most frequent cause first; keys are named where rows are ``clear``."""
    known = _mapping(mapping)
    found = [
        Cause(
            _column(group["field"], {}, known),
            _reason(group["code"], group["field"]),
            group["first"],
            group["count"],
        )
        for group in _groups(rows.exclude(code="unknown"), "code", "field")
    ]
    unknown = rows.filter(code="unknown").annotate(key=KeyTextTransform(STREAM, "row"))
    for group in _groups(unknown, "key") if clear else _groups(unknown, "code"):
        key = group.get("key") or ""
        column = _column(STREAM, {STREAM: key}, known)
        code = "missing" if group.get("key") == "" else "unknown"
        found.append(Cause(column, _reason(code, STREAM, value=key), group["first"], group["count"]))
    return sorted(found, key=lambda cause: -cause.count)[:CAUSES_MOST]


def _groups(rows: QuerySet[Any], *names: str) -> list[dict[str, Any]]:
    grouped = rows.order_by().values(*names).annotate(count=Count("pk"), first=Min("line"))
    return list(grouped.order_by("-count", "first")[:CAUSES_MOST])


def _mapping(mapping: Mapping[str, Any] | None) -> ColumnMapping:
    names = ColumnMapping.__dataclass_fields__
    return ColumnMapping(**{name: value for name, value in (mapping or {}).items() if name in names})


def _units(rows: Sequence[Any]) -> dict[str, str]:
    """The units of the datastreams of rows whose sentence speaks of a unit, by their keys."""
    keys = {row.row.get(STREAM) for row in rows if row.code in IN_UNITS and isinstance(row.row, dict)}
    texts = [key for key in keys if isinstance(key, str)]
    return dict(Datastream.objects.filter(key__in=texts).values_list("key", "unit"))


def _said(fault: Any, mapping: ColumnMapping, units: Mapping[str, str]) -> FaultSaid:
    row = fault.row if isinstance(fault.row, dict) else {}
    code = "missing" if row.get(fault.field) == "" else fault.code
    cells = _cells(fault.row, mapping)
    column = _column(fault.field, row, mapping)
    facts = {"value": _quoted(fault, row, mapping), "unit": unit_symbol(units.get(str(row.get(STREAM)), ""))}
    if row.get(STORED) is not None:
        facts["stored"] = quantity(row[STORED], units.get(str(row.get(STREAM)), ""))
    reason = _counted(fault, row, facts["value"]) or _reason(code, fault.field, **facts)
    return FaultSaid(fault.line, column, reason or fault.reason, cells)


def _reason(code: str, field: str, **facts: str) -> str:
    """The sentence for a fault; "" for a code that has none here."""
    for key in (f"{field}/{code}", code):
        text = QUOTING.get(key)
        if text is not None and facts.get("stored" if code == "conflict" else "value"):
            day = datetime.fromtimestamp(first_default() / MICROSECONDS, UTC).date()
            return str(text) % {"first": formats.date_format(day), **facts}
        if key in REASONS:
            return str(REASONS[key])
    return ""


def _counted(fault: Any, row: Mapping[str, Any], value: str) -> str:
    """What a number in the column of times probably counts; "" where it tells nothing."""
    number = row.get(TIME)
    if fault.field != TIME or not isinstance(number, int | float) or isinstance(number, bool) or not value:
        return ""
    kind = number_kind(number, first=first_default(), latest=latest_plausible())
    return str(COUNTED[kind]) % {"value": value} if kind in COUNTED else ""


def _quoted(fault: Any, row: Mapping[str, Any], mapping: ColumnMapping) -> str:
    text = cell_text(row.get(fault.field), mapping if fault.field == TIME else None)
    return f"{text[:QUOTED]}…" if len(text) > QUOTED else text


def _column(field: str, row: Mapping[str, Any], mapping: ColumnMapping) -> str:
    """The file's name for a part of a reading; a value of a wide file stands under its datastream."""
    if field in {STREAM, VALUE} and mapping.wide:
        named = (column for column, key in mapping.wide.items() if key == row.get(STREAM))
        return next(named, str(TITLES[field]))
    column = getattr(mapping, COLUMN_OF[field], "") if field in COLUMN_OF else ""
    return column or str(TITLES.get(field, field))


def _cells(row: Any, mapping: ColumnMapping) -> dict[str, str]:
    """The cells of a row by the columns of its file; a row that was no table's is one text."""
    if isinstance(row, str):
        return {str(TITLES["row"]): row}
    if not isinstance(row, dict):
        return {}
    if not (TIME in row and row.keys() <= READING):
        return {str(name): cell_text(value) for name, value in row.items()}
    parts = [name for name in (TIME, STREAM, VALUE, UNIT, STORED) if name in row]
    if mapping.wide:
        parts.remove(STREAM)
    return {
        _column(name, row, mapping): cell_text(row[name], mapping if name == TIME else None) for name in parts
    }


def cell_text(value: Any, mapping: ColumnMapping | None = None) -> str:
    """A cell as people write it; a time, if ``mapping`` is given, in the zone and the unit of its file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if mapping is not None and isinstance(value, int):
        return str(value // 1000 if mapping.time_unit == "s" else value)
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < EXACT else str(value)
    return _moment_text(str(value), mapping.zone()) if mapping is not None else str(value)


def _moment_text(text: str, zone: ZoneInfo) -> str:
    try:
        moment = iso_moment(text)
        local = moment.astimezone(zone) if moment.tzinfo else moment
    except (ValueError, OverflowError):  # no time, or one of the first or the last day that there is
        return text
    return local.replace(tzinfo=None).isoformat(" ", "seconds" if local.second else "minutes")
