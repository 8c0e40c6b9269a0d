"""Bodies and rows of any door into a batch: every row becomes a reading or a fault with its reason.

A body is one object, a list of objects, or columns:
``{"datastream": [..] or one, "phenomenonTime": [..], "result": [..], "unit": "km/h"}``. A row with another
member is set aside, because that member may change what the reading means.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.core.errors import ProblemError
from apps.core.members import Doubled
from apps.core.sentences import sentence as _
from apps.core.sentences import sentence_of
from apps.core.units import UnitError
from apps.sensing.data import Batch, Fault, Flag, Integers
from apps.sensing.ingest.knowing import is_own, member_fault
from apps.sensing.ingest.moments import RowError, latest_plausible, time_decode
from apps.sensing.ingest.streams import StreamTable

FIELDS = ("datastream", "phenomenonTime", "result")
EXACT = 2.0**53  # from here on not every whole number is a float
LIMIT_SIGNS = ("<", ">", "≤", "≥", "＜", "＞")


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a body holds: the readings, the faults, and the table of streams that they were decoded with."""

    batch: Batch
    faults: tuple[Fault, ...]
    table: StreamTable


def readings_decode(value: Any, table: StreamTable, domain: str) -> Decoded:
    """The readings of a parsed body for streams of ``domain``; ProblemError when it has no known shape."""
    if isinstance(value, list):
        return rows_decode(enumerate(value), table, domain)
    if not isinstance(value, dict):
        raise ProblemError(_("Send one object, a list of objects, or columns; see the API document."), "body")
    missing = [name for name in FIELDS if name not in value]
    if missing:
        unknown = member_fault(value)
        if unknown is not None:
            raise ProblemError(unknown.detail, unknown.field, code=unknown.code)
        raise ProblemError(_("The field is missing."), missing[0], code="missing")
    if isinstance(value["result"], list):
        if not any(isinstance(value[name], list) for name in ("datastream", "phenomenonTime")):
            detail = _("Several results need as many times, or datastreams; send a number, or all as lists.")
            raise ProblemError(detail, "result", code="type")
        return columns_decode(value, table, domain)
    return rows_decode([(0, value)], table, domain)


def columns_decode(value: Mapping[str, Any], table: StreamTable, domain: str) -> Decoded:
    """Columns at once where every cell is plain, else cell by cell."""
    count = len(value["result"])
    columns = {name: _column(value, name, count) for name in value if not is_own(name)}
    quick = _quick(columns, table, domain) if len(columns) == len(FIELDS) else None
    if quick is not None:
        return Decoded(quick, (), table)
    names = list(columns)
    rows = (dict(zip(names, cells, strict=True)) for cells in zip(*columns.values(), strict=True))
    return rows_decode(enumerate(rows), table, domain)


def _column(value: Mapping[str, Any], name: str, count: int) -> list[Any]:
    column = value[name]
    if not isinstance(column, list):
        return [column] * count
    if len(column) != count:
        raise ProblemError(
            _("The columns differ in length: %(name)s has %(have)d cells, result has %(want)d.")
            % {"name": name, "have": len(column), "want": count},
            name,
            code="length",
        )
    return column


def _quick(columns: Mapping[str, list[Any]], table: StreamTable, domain: str) -> Batch | None:
    """The batch when all streams are known, times whole milliseconds and results finite; else None."""
    keys, times, results = (columns[name] for name in FIELDS)
    if not (_all_are(times, int) and _all_are(results, int, float) and _all_are(keys, int, str)):
        return None
    try:
        streams = np.array([table.keys[key] for key in keys], np.int64)
        milliseconds = np.array(times, np.int64)
        values = np.array(results, np.float64)
    except (KeyError, TypeError, OverflowError):
        return None
    if not len(streams):
        return Batch(streams, milliseconds, values)
    if max(values.max(), -values.min()) >= EXACT:  # a whole number may have been rounded
        return None
    latest = latest_plausible() // 1000
    if milliseconds.min() < 0 or milliseconds.max() > latest:  # before the product can pass what int64 holds
        return None
    moments = milliseconds * 1000
    fits = (
        np.isfinite(values).all() and table.first_known(streams, moments) and _owned(streams, table, domain)
    )
    return Batch(streams, moments, values) if fits else None


def _all_are(cells: Iterable[Any], *kinds: type) -> bool:
    return set(map(type, cells)) <= set(kinds)


def _owned(streams: Integers, table: StreamTable, domain: str) -> bool:
    return all(table.domains[stream] == domain for stream in np.unique(streams).tolist())


def rows_decode(rows: Iterable[tuple[int, Any]], table: StreamTable, domain: str) -> Decoded:
    """Row by row: each is a reading or a fault, and no fault spoils its neighbours.

    A row that its reader has found to be none comes as a fault already.
    """
    readings: list[tuple[int, int, float]] = []
    faults: list[Fault] = []
    converted: list[int] = []
    numbers: list[int] = []
    for index, row in rows:
        if isinstance(row, Fault):
            faults.append(replace(row, index=index))
            continue
        try:
            reading = row_decode(row, table, domain)
        except RowError as error:
            faults.append(Fault(index, error.field, error.code, error.detail, row))
            continue
        if row.get("unit") not in {None, table.units[reading[0]]}:
            converted.append(len(readings))
        readings.append(reading)
        numbers.append(index)
    streams = np.array([reading[0] for reading in readings], np.int64)
    moments = np.array([reading[1] for reading in readings], np.int64)
    results = np.array([reading[2] for reading in readings], np.float64)
    marks = _marks(converted, len(readings))
    batch = Batch(streams, moments, results, marks, np.array(numbers, np.int64))
    return Decoded(batch, tuple(faults), table)


def _marks(converted: list[int], count: int) -> NDArray[np.int16] | None:
    """The mark of the rows that came in another unit; None when there are none."""
    if not converted:
        return None
    marks = np.zeros(count, np.int16)
    marks[converted] = Flag.CONVERTED
    return marks


def row_decode(row: Any, table: StreamTable, domain: str) -> tuple[int, int, float]:
    """``(stream id, microseconds, result)`` of one row; RowError names the field and the fix."""
    if type(row) is not dict:
        row = _object(row)
    unit = row.get("unit")
    if len(row) != len(FIELDS) + (unit is not None):
        _members_require(row)
    for name in FIELDS:
        if row.get(name) is None:
            _members_require(row)
            raise RowError(name, "missing", _("The field is missing."))
    stream = stream_decode(row["datastream"], table, domain)
    moment = time_decode(row["phenomenonTime"], first=table.first_of(stream))
    result = result_decode(row["result"])
    if unit is not None:
        result = unit_decode(table, stream, result, unit)
    return stream, moment, result


def _object(row: Any) -> dict[str, Any]:
    """The row as an object; RowError where it is none, or names a member twice."""
    if isinstance(row, Doubled):
        raise RowError(row.name, "duplicate", _("This name stands twice in one object; send it once."))
    if not isinstance(row, Mapping):
        raise RowError(
            "row", "type", _("A row must be an object with datastream, phenomenonTime and result.")
        )
    return dict(row)


def _members_require(row: Mapping[str, Any]) -> None:
    fault = member_fault(row)
    if fault is not None:
        raise fault


def unit_decode(table: StreamTable, stream: int, result: float, unit: Any) -> float:
    """The result in the stream's own unit; RowError where the unit is another thing's, or unclear."""
    try:
        found = table.converted(stream, result, str(unit))
    except UnitError as error:
        raise RowError("unit", "unit", sentence_of(error)) from None
    except ValueError:
        detail = _("The unit does not fit; this datastream is in %(unit)s.") % {"unit": table.units[stream]}
        raise RowError("unit", "unit", detail) from None
    return result_decode(found)


def stream_decode(value: Any, table: StreamTable, domain: str) -> int:
    """The id of a datastream given by id or key, if the caller's key may write it."""
    stream = table.keys.get(value) if isinstance(value, int | str) and not isinstance(value, bool) else None
    if stream is None or table.domains[stream] != domain:
        raise RowError(
            "datastream", "unknown", _("There is no such datastream here; check its key or register it.")
        )
    return stream


def result_decode(value: Any) -> float:
    """A finite number."""
    if isinstance(value, str) and value.strip().startswith(LIMIT_SIGNS):
        detail = _("This is a limit of what could be measured, not a reading; give the value, or dismiss it.")
        raise RowError("result", "comparator", detail)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RowError("result", "type", _("The result must be a number."))
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise RowError(
            "result", "not_finite", _("The result is not a finite number; leave the row out instead.")
        )
    if isinstance(value, int) and int(number) != value:
        detail = _("A whole number of this size cannot be kept exactly; the nearest is %(nearest)d.")
        raise RowError("result", "precision", detail % {"nearest": int(number)})
    return number
