"""The time of a row: when it is plausible, and what to send instead when it is not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from apps.core.sentences import sentence as _
from apps.sensing.ingest.partitions import micros
from apps.sensing.ingest.streams import first_default
from apps.sensing.times import MICROSECONDS, iso_moment, number_kind

FIELD = "phenomenonTime"
AHEAD = 300 * MICROSECONDS  # how far a device's clock may be ahead of ours
DIGITS_MOST = 20
DECIMAL = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,20})?")
LEAP = re.compile(r"[T ]\d\d:?\d\d:?60", re.ASCII | re.IGNORECASE)
ORDINAL = re.compile(r"\d{4}-?\d{3}(?:[T ]|$)", re.ASCII | re.IGNORECASE)


@dataclass
class RowError(Exception):
    """A row that is no reading: which field, a code, and what to do about it."""

    field: str
    code: str
    detail: str


def latest_plausible() -> int:
    """What lies after this (microseconds since 1970) is the fault of a clock."""
    return micros(timezone.now()) + AHEAD


def time_decode(value: Any, *, first: int | None = None) -> int:
    """Microseconds since 1970 of ISO 8601 text with an offset, of unix milliseconds, or of a timestamp.

    RowError for a moment before ``first`` (the setting, if it is None) or after ``latest_plausible``; for a
    number it says what that number probably is.
    """
    first = first_default() if first is None else first
    latest = latest_plausible()
    if (
        isinstance(value, float) and value.is_integer()
    ):  # 1.7e12 and 1700000000000.0 are whole numbers of JSON
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | str | datetime):
        raise RowError(FIELD, "type", _number_hint(value, first, latest) or _wanted())
    moment = value * 1000 if isinstance(value, int) else _moment(value, first, latest)
    if moment < first:
        raise RowError(FIELD, "too_old", _number_hint(value, first, latest) or _too_old(first))
    if moment > latest:
        detail = _("The time lies in the future; check the device's clock.")
        raise RowError(FIELD, "future", _number_hint(value, first, latest) or detail)
    return moment


def _moment(value: str | datetime, first: int, latest: int) -> int:
    try:
        moment = iso_moment(value.strip()) if isinstance(value, str) else value
    except (ValueError, OverflowError):
        detail = _number_hint(value, first, latest) or _shape_hint(str(value))
        raise RowError(FIELD, "format", detail) from None
    if moment.tzinfo is None:
        raise RowError(FIELD, "no_offset", _("The time has no offset; add Z or +08:00."))
    try:
        return micros(moment)
    except (OverflowError, OSError, ValueError):
        raise RowError(FIELD, "too_old", _too_old(first)) from None


def _wanted() -> str:
    return _("Give ISO 8601 text with an offset, or unix milliseconds.")


def _too_old(first: int) -> str:
    day = datetime.fromtimestamp(first / MICROSECONDS, UTC).date().isoformat()
    return _("The time is before %(day)s, the first plausible day here; check the year.") % {"day": day}


def _shape_hint(text: str) -> str:
    """What is wrong with a text that is no number and no time that we read."""
    if LEAP.search(text):
        return _("A leap second is not kept; send second 59, or second 0 of the next minute.")
    if ORDINAL.match(text):
        return _("This is a day counted through the year; send year, month and day: 2026-01-02T03:00+08:00.")
    return _("This is no ISO 8601 time.")


def _number_hint(value: Any, first: int, latest: int) -> str:
    """What a number, or the text of one, probably is; "" where it is neither."""
    is_text = isinstance(value, str) and DECIMAL.fullmatch(value.strip()) is not None
    if is_text:
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 10**DIGITS_MOST:
        return ""
    kind = (
        "milliseconds" if first <= value * 1000 <= latest else number_kind(value, first=first, latest=latest)
    )
    if is_text and kind.endswith("seconds"):
        return _quoted_hint(kind)
    return {
        "milliseconds": _("Unix milliseconds are a whole number; leave the fraction out."),
        "seconds": _("This is no plausible time in milliseconds: seconds? Multiply by 1000."),
        "microseconds": _("This is no plausible time in milliseconds: microseconds? Divide by 1000."),
        "nanoseconds": _("This is no plausible time in milliseconds: nanoseconds? Divide by 1,000,000."),
        "date": _(
            "This looks like a date written as digits; send ISO 8601 text such as 2026-01-02T03:00+08:00."
        ),
        "excel": _(
            "This looks like a day number of Excel; send ISO 8601 text such as 2026-01-02T03:00+08:00."
        ),
    }.get(kind, "")


def _quoted_hint(kind: str) -> str:
    """A text is read as ISO 8601 only, so a number in one helps nobody, whatever its unit."""
    return {
        "milliseconds": _("This is a number in quotation marks; send it without them."),
        "seconds": _(
            "This is a number in quotation marks: seconds? Multiply by 1000 and send it without them."
        ),
        "microseconds": _(
            "This is a number in quotation marks: microseconds? Divide by 1000 and send it without them."
        ),
        "nanoseconds": _(
            "This is a number in quotation marks: nanoseconds? Divide by 1,000,000 and send it without them."
        ),
    }[kind]
