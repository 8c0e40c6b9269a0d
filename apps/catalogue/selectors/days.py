"""Working days by the calendar that people keep; a year that nobody has confirmed stops the clock's start."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from apps.catalogue.models import CalendarDay
from apps.core.errors import ProblemError


def year_length(year: int) -> int:
    """365 or 366."""
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days


def years_known() -> list[int]:
    """The years of which every day is known."""
    years = CalendarDay.objects.dates("day", "year")
    return [moment.year for moment in years if _is_known(moment.year)]


def _is_known(year: int) -> bool:
    return CalendarDay.objects.filter(day__year=year).count() == year_length(year)


def working_days_after(start: date, count: int) -> date:
    """The ``count``-th working day after ``start``; the day itself does not count.

    ProblemError (409) names the year when the calendar ends before that day: nothing is guessed.
    """
    day, left, year = start, count, 0
    worked: dict[date, bool] = {}
    while left > 0:
        day += timedelta(days=1)
        if day.year != year:
            year, worked = day.year, _year(day.year)
        left -= worked[day]
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after ``start`` up to and with ``end``; negative when ``end`` lies before it."""
    if end < start:
        return -working_days_between(end, start)
    for year in range(start.year, end.year + 1):
        _year(year)
    return CalendarDay.objects.filter(day__gt=start, day__lte=end, working=True).count()


def _year(year: int) -> dict[date, bool]:
    rows = dict(CalendarDay.objects.filter(day__year=year).values_list("day", "working"))
    if len(rows) != year_length(year):
        detail = _(
            "The working-day calendar of %(year)d is not complete, so the due date cannot be told. "
            "The data bureau enters that year on the calendar page."
        )
        raise ProblemError(detail % {"year": year}, "calendar", 409, "calendar")
    return rows
