"""The period ``start`` to ``end`` of a query, read once for every address that has one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from rest_framework.request import Request

from apps.core.errors import ProblemError

YEARS = range(1970, 9999)  # what can be reckoned with without leaving the calendar


def moment_asked(request: Request, name: str, default: datetime) -> datetime:
    """An ISO 8601 time with an offset from the query, or ``default``."""
    text = request.query_params.get(name)
    if not text:
        return default
    try:
        moment = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or moment.year not in YEARS:
        raise ProblemError(_("Give an ISO 8601 time with an offset, such as 2026-11-23T08:00:00Z."), name)
    return moment


def period_asked(request: Request, *, default: timedelta, now: datetime) -> tuple[datetime, datetime]:
    """Start and end; without them the ``default`` before now."""
    end = moment_asked(request, "end", now)
    start = moment_asked(request, "start", end - default)
    if start >= end:
        raise ProblemError(_("The start must lie before the end."), "start")
    return start, end
