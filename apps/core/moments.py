"""Moments in bodies and queries of the REST API: ISO 8601 with a zone, read in one way everywhere.

A time without a zone is refused: whichever zone we assumed, some reader would have meant another one.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from django.utils.translation import gettext as _

from apps.core.errors import ProblemError

# ``datetime.fromisoformat`` takes any sign between date and time, and a date alone.
SHAPE = re.compile(r"\d{4}-?\d\d-?\d\d[T ]\d\d.*", re.ASCII)
DAY = re.compile(r"\d{4}-?\d\d-?\d\d", re.ASCII)
WRITTEN_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# As an address decodes "+08:00" whose plus was not escaped.
BLANK_FOR_PLUS = re.compile(r"(.{8,10}[T ]\d.*) (\d\d(?::?\d\d)?)", re.ASCII)
YEARS = range(1970, 9999)  # what can be reckoned with without leaving the calendar


def day_read(text: object) -> date | None:
    """The day that the text of a form or a body writes as year-month-day, in ASCII digits; else None."""
    if not isinstance(text, str) or not WRITTEN_DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:  # such as 2026-02-30
        return None


def moment_read(text: str) -> datetime:
    """The moment that the text writes; a ValueError's text says what to change."""
    if DAY.fullmatch(text):
        detail = _("A day alone is no moment. Add the time and the zone: %(value)sT00:00:00+08:00.")
        raise ValueError(detail % {"value": text})
    try:
        moment = datetime.fromisoformat(text) if SHAPE.fullmatch(text) else None
    except ValueError:
        moment = None
    if moment is None or moment.year not in YEARS:
        raise ValueError(_("Give an ISO 8601 time with its zone, such as 2026-11-23T08:00:00+08:00."))
    if moment.tzinfo is None:
        raise ValueError(_("This time has no zone. Add one: %(value)s+08:00.") % {"value": text})
    return moment


def moment_queried(text: str, name: str) -> datetime:
    """The moment in the parameter ``name``; a ProblemError names it and the fix."""
    try:
        return moment_read(BLANK_FOR_PLUS.sub(r"\1+\2", text, count=1))
    except ValueError as error:
        raise ProblemError(str(error), name) from None
