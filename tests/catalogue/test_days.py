"""Working days: Spring Festival, make-up Saturdays, and years that nobody has confirmed."""

from __future__ import annotations

from datetime import date

import pytest

from apps.catalogue.models import CalendarDay
from apps.catalogue.selectors.days import working_days_after, working_days_between, years_known
from apps.catalogue.services.days import calendar_day_set, calendar_seed, calendar_year_open
from apps.core.errors import ProblemError
from tests.catalogue.builders import bureau, viewer

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def seeded() -> None:
    calendar_seed(today=TODAY)
    CalendarDay.objects.filter(day__year=2027).delete()  # known or not, to whatever version of the package


def test_the_clock_stands_still_over_spring_festival_and_runs_on_the_make_up_saturday() -> None:
    # 2026: off from Sunday 15 to Monday 23 February; Saturdays 14 and 28 February are worked.
    assert working_days_after(date(2026, 2, 13), 1) == date(2026, 2, 14)
    assert working_days_after(date(2026, 2, 14), 1) == date(2026, 2, 24)
    assert working_days_after(date(2026, 2, 24), 4) == date(2026, 2, 28)
    assert working_days_between(date(2026, 2, 13), date(2026, 2, 28)) == 6


def test_a_year_without_a_calendar_is_an_error_that_names_it_and_no_guess() -> None:
    assert 2027 not in years_known()
    with pytest.raises(ProblemError) as refused:
        working_days_after(date(2026, 12, 30), 10)
    assert (refused.value.status, "2027" in str(refused.value)) == (409, True)


def test_a_year_with_one_day_missing_is_no_calendar() -> None:
    CalendarDay.objects.filter(day=date(2026, 7, 1)).delete()
    with pytest.raises(ProblemError):
        working_days_after(date(2026, 1, 5), 1)


def test_the_bureau_opens_a_year_by_hand_and_sets_its_holidays() -> None:
    people = bureau()
    calendar_year_open(2027, viewer=people)
    assert working_days_after(date(2026, 12, 31), 1) == date(2027, 1, 1)
    calendar_day_set(date(2027, 1, 1), working=False, note="元旦", viewer=people)
    assert working_days_after(date(2026, 12, 31), 1) == date(2027, 1, 4)


def test_nobody_else_changes_the_calendar() -> None:
    with pytest.raises(ProblemError) as refused:
        calendar_day_set(date(2026, 7, 1), working=False, note="", viewer=viewer("sun", "city-approver"))
    assert refused.value.status == 403


def test_a_repeated_seed_keeps_what_people_have_set() -> None:
    calendar_day_set(date(2026, 7, 1), working=False, note="flood", viewer=bureau())
    assert 2026 not in calendar_seed(today=TODAY)
    assert CalendarDay.objects.get(day=date(2026, 7, 1)).note == "flood"


@pytest.mark.parametrize("today", [date(2026, 12, 31), date(2027, 1, 1), date(2028, 2, 29)])
def test_a_demonstration_counts_working_days_on_any_day(today: date) -> None:
    CalendarDay.objects.all().delete()
    calendar_seed(today=today, plain=True)
    assert working_days_after(today, 20) > today
