"""The working-day calendar: seeded for the years that chinesecalendar knows, kept by the data bureau."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer
from apps.audit.services import Act, access_record
from apps.catalogue.models import CalendarDay
from apps.catalogue.selectors.days import year_length, years_known
from apps.catalogue.selectors.entries import is_bureau
from apps.catalogue.services.entries import approver_require
from apps.core.errors import ProblemError

AHEAD = 2  # years that the seed tries beyond this one
FIRST_YEAR = 2020
SATURDAY = 5


def calendar_seed(*, today: date | None = None, plain: bool = False) -> list[int]:
    """Fill the years from the last one on that chinesecalendar knows and the table lacks; returns them.

    ``plain`` begins the others with Monday to Friday worked: a demonstration is given at the end of a year,
    too, before the next year's holidays are published. A city waits for them, or its bureau opens the year.
    """
    this = (today or timezone.localdate()).year
    known = set(years_known())
    return [
        year for year in range(this - 1, this + AHEAD + 1) if year not in known and _seed(year, plain=plain)
    ]


def _seed(year: int, *, plain: bool) -> bool:
    try:
        rows = [_row(day) for day in _days(year)]
    except NotImplementedError:  # the State Council has not yet published that year's holidays
        if not plain:
            return False
        rows = _plain(year)
    CalendarDay.objects.bulk_create(rows, ignore_conflicts=True)
    return True


def _plain(year: int) -> list[CalendarDay]:
    return [CalendarDay(day=day, working=day.weekday() < SATURDAY) for day in _days(year)]


def _row(day: date) -> CalendarDay:
    _is_off, name = chinese_calendar.get_holiday_detail(day)
    return CalendarDay(day=day, working=chinese_calendar.is_workday(day), note=name or "")


def _days(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=number) for number in range(year_length(year))]


@transaction.atomic
def calendar_year_open(year: int, *, viewer: Viewer) -> int:
    """Begin a year by hand with Monday to Friday worked; holidays and make-up days are then set by people."""
    approver_require(viewer, allowed=is_bureau(viewer))
    if not FIRST_YEAR <= year <= timezone.localdate().year + AHEAD:
        span = {"first": FIRST_YEAR, "last": timezone.localdate().year + AHEAD}
        raise ProblemError(_("Give a year from %(first)d to %(last)d.") % span, "year", code="range")
    CalendarDay.objects.bulk_create(_plain(year), ignore_conflicts=True)
    access_record(Act("calendar", viewer.user_id, "catalogue.CalendarDay", str(year)))
    return year


@transaction.atomic
def calendar_day_set(day: date, *, working: bool, note: str, viewer: Viewer) -> CalendarDay:
    """Say whether a day is worked; due dates that stand already are not moved."""
    approver_require(viewer, allowed=is_bureau(viewer))
    row = CalendarDay.objects.filter(day=day).first()
    if row is None:
        raise ProblemError(_("Begin the year first."), "day", 409, "calendar")
    row.working, row.note, row.changed_by_id = working, note[:60], viewer.user_id
    row.save()
    access_record(Act("calendar", viewer.user_id, "catalogue.CalendarDay", day.isoformat()))
    return row
