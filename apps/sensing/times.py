"""Moments as devices write them, and what a number that cannot be one probably is; plain Python."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

FIRST = datetime(2000, 1, 1, tzinfo=UTC)  # before this no reading is plausible, unless a setting says so
MICROSECONDS = 1_000_000
MIDNIGHT = re.compile(  # ISO 8601-1, 5.3.2: the end of a day
    r"([T ])24(?::?00(?::?00(?:[.,]0+)?)?)?(?![\d:.,])", re.ASCII | re.IGNORECASE
)
SHAPE = re.compile(r"[\dW-]{7,10}(?:[T ].+)?", re.ASCII | re.IGNORECASE)
DIGITS = re.compile(r"(19|20)\d{6}(?:\d\d){0,3}", re.ASCII)  # year to day, to hour, to minute, to second
PARTS = ("%Y%m%d", "%Y%m%d%H", "%Y%m%d%H%M", "%Y%m%d%H%M%S")
EXCEL_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)  # of the system that counts from 1900
SERIALS = (36_526, 73_051)  # 2000-01-01 until 2100-01-01 as Excel counts days


def iso_moment(text: str) -> datetime:
    """ISO 8601 text, 24:00 included, with or without an offset; ValueError for anything else.

    ``datetime.fromisoformat`` takes any sign between date and time, so that digits without one would be
    read as another time; here it must be T or a blank.
    """
    if not SHAPE.fullmatch(text):
        raise ValueError(text[:40])
    text = text.upper()  # RFC 3339 allows t and z
    ends = MIDNIGHT.search(text)
    if ends is None:
        return datetime.fromisoformat(text)
    start = datetime.fromisoformat(f"{text[: ends.start()]}{ends[1]}00:00{text[ends.end() :]}")
    return start + timedelta(days=1)


def date_in_digits(text: str) -> datetime | None:
    """``20260102``, ``2026010203``, to the second, as a moment without an offset; None for other digits."""
    if not DIGITS.fullmatch(text):
        return None
    day, hour = text[:8], text[8:10]
    whole = f"{day}00{text[10:]}" if hour == "24" and not text[10:].strip("0") else text
    try:
        moment = datetime.strptime(f"{whole}Z", f"{PARTS[len(text) // 2 - 4]}%z").replace(tzinfo=None)
    except ValueError:
        return None
    return moment + timedelta(days=1) if whole is not text else moment


def serial_moment(days: float) -> datetime | None:
    """The moment (without an offset) of Excel's number of days since 1900; None where it is hardly one."""
    if not SERIALS[0] <= days < SERIALS[1]:
        return None
    seconds = round(days * 86_400)  # Excel's own clock does not tell more apart
    return (EXCEL_EPOCH + timedelta(seconds=seconds)).replace(tzinfo=None)


def number_kind(value: float, *, first: int, latest: int) -> str:
    """What a number that is no plausible time in milliseconds probably is, "" where nobody can say.

    ``seconds``, ``microseconds`` or ``nanoseconds`` since 1970, a ``date`` written as digits, or a day number
    of ``excel``; ``first`` and ``latest`` bound what is plausible, in microseconds since 1970.
    """
    for name, unit in (("seconds", MICROSECONDS), ("microseconds", 1), ("nanoseconds", 1e-3)):
        if first <= value * unit <= latest:
            return name
    if value == int(value) and date_in_digits(str(int(value))) is not None:
        return "date"
    return "excel" if SERIALS[0] <= value < SERIALS[1] else ""
