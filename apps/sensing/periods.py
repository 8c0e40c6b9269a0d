"""The period ``start`` to ``end`` of a query, read once for every address that has one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from rest_framework.request import Request

from apps.core.errors import ProblemError
from apps.core.moments import moment_queried


def moment_asked(request: Request, name: str, default: datetime) -> datetime:
    """An ISO 8601 time with an offset from the query, or ``default``."""
    text = request.query_params.get(name)
    if not text:
        return default
    return moment_queried(text, name)


def period_asked(request: Request, *, default: timedelta, now: datetime) -> tuple[datetime, datetime]:
    """Start and end; without them the ``default`` before now."""
    end = moment_asked(request, "end", now)
    start = moment_asked(request, "start", end - default)
    if start >= end:
        raise ProblemError(_("The start must lie before the end."), "start")
    return start, end
