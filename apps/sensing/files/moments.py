"""Dates and times as people and spreadsheets write them, with the offset of the file's time zone."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from apps.sensing.times import date_in_digits, iso_moment, serial_moment

UNITS = {"s": 1000, "ms": 1}  # of times that are numbers, to milliseconds
EXCEL = "excel"
TIME_UNITS = ("", *UNITS, EXCEL)
LARGEST = 1e20  # no time is counted in a number like that
MAC_DAYS = 1462  # from 1900, where most workbooks begin to count, to 1904
WRITTEN = re.compile(
    r"(?P<year>\d{4})\s*(?P<mark>[-/.年])\s*(?P<month>\d{1,2})\s*(?:月|(?P=mark))\s*(?P<day>\d{1,2})\s*日?"
    r"(?:(?:\s*T\s*|\s+|(?<=日))(?P<hour>\d{1,2})\s*[:时点]"
    r"(?:\s*(?P<minute>\d{1,2})\s*[:分]?(?:\s*(?P<second>\d{1,2})(?:\.(?P<part>\d{1,6}))?\s*秒?)?)?)?"
    r"\s*(?P<offset>Z|[+-]\d{2}:?\d{2})?",
    re.ASCII | re.IGNORECASE,
)


class MacNumber(float):
    """A number of a workbook that counts its days from 1904."""


def cell_moment(value: Any, zone: ZoneInfo, unit: str = "") -> Any:
    """A cell as the channels want a time: text with an offset, or unix milliseconds; any other as it is.

    ``unit`` says what numbers are: ``s`` or ``ms`` since 1970, or days as ``excel`` counts them. Without it
    digits that read as a date are one, numbers of a workbook are its days, and the rest milliseconds.
    """
    if isinstance(value, str):
        value = unicodedata.normalize("NFKC", value).strip()
    number = _number(value)
    if unit and number is not None:
        return _localised(_serial(number, value), zone) if unit == EXCEL else round(number * UNITS[unit])
    if isinstance(value, str):
        found = date_in_digits(value) if value.isdecimal() else _text_moment(value)
        whole = number is not None and value.isascii() and value.isdecimal()
        return _localised(found, zone) if found else int(value) if whole else value
    if number is not None:
        return _plain_number(number, value, zone)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return _localised(value, zone)


def _number(value: Any) -> float | None:
    """The number in a cell; None where it is none, or too long for a time."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value if abs(value) < LARGEST else None
    if isinstance(value, str) and re.fullmatch(r"\d{1,19}(?:\.\d{1,12})?", value, re.ASCII):
        return float(value) if "." in value else int(value)
    return None


def _plain_number(number: float, value: Any, zone: ZoneInfo) -> Any:
    found = date_in_digits(str(int(number))) if number == int(number) else None
    found = found or _serial(number, value)
    return _localised(found, zone) if found else int(number) if number == int(number) else value


def _serial(number: float, value: Any) -> datetime | None:
    return serial_moment(number + MAC_DAYS if isinstance(value, MacNumber) else number)


def _text_moment(text: str) -> datetime | None:
    try:
        return iso_moment(text)
    except (ValueError, OverflowError):
        pass
    found = WRITTEN.fullmatch(text)
    try:
        return _written(found) if found else None
    except (ValueError, OverflowError):
        return None


def _written(found: re.Match[str]) -> datetime:
    """The moment of a match; ValueError where there is no such day or time of day."""
    year, month, day, hour, minute, second = (
        int(found[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")
    )
    part = int((found["part"] or "").ljust(6, "0"))
    ends = hour == 24 and not (minute or second or part)  # noqa: PLR2004  the end of the day, as ISO 8601 writes it
    moment = datetime(year, month, day, 0 if ends else hour, minute, second, part)  # noqa: DTZ001  the file's zone
    offset = found["offset"]
    if offset:
        moment = datetime.fromisoformat(f"{moment.isoformat()}{offset.upper()}")
    return moment + timedelta(days=1) if ends else moment


def _localised(value: Any, zone: ZoneInfo) -> Any:
    if not isinstance(value, datetime):
        return value
    return (value if value.tzinfo else value.replace(tzinfo=zone)).isoformat()
