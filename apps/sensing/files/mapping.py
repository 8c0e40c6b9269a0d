"""Which column of a file is what, and each row of it as readings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apps.core.errors import ProblemError
from apps.core.sentences import sentence as _
from apps.sensing.data import Fault
from apps.sensing.files.moments import TIME_UNITS, cell_moment

KEY = re.compile(r"[a-z]+\.[^.]+\.[a-z_0-9]+")  # domain.thing.kind
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
# What a cell of any file can cause; everything else is a fault of ours.
SURPRISES = (ValueError, TypeError, ArithmeticError, LookupError, AttributeError, RecursionError)
NAMES = {
    "time": re.compile(r"time|date|时间|日期|时刻", re.IGNORECASE),
    "datastream": re.compile(r"datastream|stream|sensor|device|key|数据流|传感器|设备|编号", re.IGNORECASE),
    "result": re.compile(r"result|value|reading|数值|读数|结果", re.IGNORECASE),
    "unit": re.compile(r"^unit$|单位", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Long form names ``datastream`` and ``result``; wide form maps value columns to datastream keys."""

    time: str = ""
    datastream: str = ""
    result: str = ""
    unit: str = ""
    wide: Mapping[str, str] = field(default_factory=dict)  # column -> datastream key
    time_zone: str = "Asia/Shanghai"  # for times without an offset
    time_unit: str = ""  # what numbers in the time column are: s, ms or excel; "" where they tell themselves

    def as_dict(self) -> dict[str, Any]:
        """For storing as JSON."""
        return asdict(self)

    def check(self, columns: Sequence[str]) -> None:
        """ProblemError naming the field when a column does not exist or a part is missing."""
        wanted = {"time": self.time} | (
            {} if self.wide else {"datastream": self.datastream, "result": self.result}
        )
        for name, column in wanted.items():
            if column not in columns:
                raise ProblemError(_("Choose one of the file's columns."), name, code="column")
        unknown = sorted(set(self.wide) - set(columns))
        if unknown:
            raise ProblemError(
                _("The file has no column %(name)s.") % {"name": unknown[0]}, "wide", code="column"
            )
        if self.time_unit not in TIME_UNITS:
            raise ProblemError(_("Choose s, ms or excel."), "time_unit", code="choice")
        self.zone()

    def zone(self) -> ZoneInfo:
        """The time zone; ProblemError when nobody knows its name."""
        try:
            return ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ProblemError(
                _("Use a name such as Asia/Shanghai."), "time_zone", code="time_zone"
            ) from error


def mapping_guess(columns: Sequence[str]) -> ColumnMapping:
    """The likely meaning of the columns; people confirm or change it."""
    found = {
        name: next((column for column in columns if pattern.search(column)), "")
        for name, pattern in NAMES.items()
    }
    if found["datastream"] and found["result"]:
        return ColumnMapping(found["time"], found["datastream"], found["result"], found["unit"])
    wide = {column: column for column in columns if column != found["time"] and KEY.fullmatch(column)}
    return ColumnMapping(time=found["time"], wide=wide)


def readings_of(row: Mapping[str, Any], mapping: ColumnMapping, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """The readings of one row of the file, in the shape that every door decodes; empty cells are gaps."""
    moment = cell_moment(row.get(mapping.time), zone, mapping.time_unit)
    if mapping.wide:
        for column, key in mapping.wide.items():
            if row.get(column) not in (None, ""):
                yield {"datastream": key, "phenomenonTime": moment, "result": number_in(row[column])}
        return
    reading = {
        "datastream": _stream(row.get(mapping.datastream)),
        "phenomenonTime": moment,
        "result": number_in(row.get(mapping.result)),
    }
    if mapping.unit and row.get(mapping.unit):
        reading["unit"] = row[mapping.unit]
    yield reading


def readings_numbered(
    rows: Iterable[tuple[int, Mapping[str, Any] | Fault]], mapping: ColumnMapping, zone: ZoneInfo
) -> Iterator[tuple[int, dict[str, Any] | Fault]]:
    """The readings of a file's rows with the numbers of the rows; a row that cannot be read is a fault."""
    for line, row in rows:
        if isinstance(row, Fault):
            yield line, row
            continue
        try:
            readings = list(readings_of(row, mapping, zone))
        except SURPRISES:
            yield line, Fault(line, "row", "unreadable", _("A cell of the row cannot be read."), row)
        else:
            yield from ((line, reading) for reading in readings)


def _stream(value: Any) -> Any:
    """A cell as a key: a number in a file is a device's number, never the id of one of our datastreams."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return str(int(value)) if value == value // 1 else str(value)


def number_in(value: Any) -> Any:
    """The number in a text, as people and programs write it; any other cell as it is, None for blanks."""
    if not isinstance(value, str):
        return value
    text = unicodedata.normalize("NFKC", value).strip()
    return float(text) if NUMBER.fullmatch(text) else value.strip() or None
