"""The usable part of a day's readings counts what did not come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.selectors import viewer_for
from apps.portal.selectors.streams import quality_shares
from apps.sensing.models import RollupHour, Thing
from tests.people import person
from tests.portal import builders

pytestmark = pytest.mark.django_db


def share(interval: int, *hours: tuple[int, int], days: int = 30) -> float | None:
    """Of a stream with this interval; each hour of the last day has good and unusable readings."""
    stream = builders.stream()
    now = timezone.now()
    Thing.objects.update(created_at=now - timedelta(days=days))
    stream.thing.refresh_from_db()
    stream.interval = interval
    first = now.replace(minute=0, second=0, microsecond=0)
    for back, (good, unusable) in enumerate(hours, start=1):
        RollupHour.objects.create(
            datastream=stream, bucket=first - timedelta(hours=back), total=0, count=good, unusable=unusable
        )
    reader = viewer_for(person("reader", roles=["city-viewer"]))
    return quality_shares(reader, [stream]).get(stream.pk)


def test_a_full_day_is_whole_and_half_a_day_is_half() -> None:
    assert share(60, *[(60, 0)] * 23) == pytest.approx(23 / 24, abs=0.05)


def test_hours_without_a_reading_count() -> None:
    assert share(60, *[(60, 0)] * 12) == pytest.approx(0.5, abs=0.05)


def test_unusable_readings_count() -> None:
    assert share(60, *[(30, 30)] * 23) == pytest.approx(0.5, abs=0.05)


def test_a_stream_that_comes_more_slowly_than_it_says_is_judged_by_its_best_hour() -> None:
    assert share(60, *[(4, 0)] * 23) == pytest.approx(0.97, abs=0.06)


def test_a_stream_without_readings_has_no_share() -> None:
    assert share(60) is None
