"""The server's clock jumps by a day, forth or back: nothing is lost, nothing stays wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from apps.accounts.selectors import viewer_for
from apps.sensing.data import Quality
from apps.sensing.models import Datastream, LatestValue, Observation, QuarantinedRow
from apps.sensing.services import rows_store
from apps.sensing.services.corrections import observation_discard
from apps.sensing.services.mending import quarantine_replay
from apps.sensing.services.rollups import rollups_refresh
from tests.people import person
from tests.sensing.builders import school_streams
from tests.sensing.rollup_truth import tables_stored, tables_true

pytestmark = pytest.mark.django_db
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@contextmanager
def clock_jumped(by: timedelta) -> Iterator[None]:
    """The process's clock is off by so much."""
    right = timezone.now
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: right() + by)
        yield


def send(stream: Datastream, *moments: datetime) -> int:
    rows = [
        {"datastream": stream.key, "phenomenonTime": at.isoformat(), "result": 500 + n}
        for n, at in enumerate(moments)
    ]
    return rows_store(rows, domain="school", door="http").stored


def test_readings_refused_by_a_clock_that_fell_back_are_taken_when_it_is_right_again() -> None:
    stream, now = school_streams(1)[0], timezone.now()
    clerk = viewer_for(person("clerk", roles=["school-operator"]))
    with clock_jumped(-DAY):
        assert send(stream, now - 2 * DAY, now - MINUTE, now) == 1
    assert set(QuarantinedRow.objects.values_list("code", flat=True)) == {"future"}
    done = quarantine_replay(QuarantinedRow.objects.all(), viewer=clerk)
    assert (done.mended, done.still_open) == (2, 0)
    assert send(stream, now - 2 * DAY, now - MINUTE, now) == 0
    assert LatestValue.objects.get().phenomenon_time == now


def test_true_readings_are_stored_as_they_are_while_the_clock_is_ahead() -> None:
    stream, now = school_streams(1)[0], timezone.now()
    with clock_jumped(DAY):
        assert send(stream, now - MINUTE, now) == 2
    assert list(Observation.objects.order_by("pk").values_list("quality", flat=True)) == [Quality.GOOD] * 2
    assert LatestValue.objects.get().phenomenon_time == now


def test_a_reading_dated_ahead_does_not_hide_the_true_ones_and_can_be_set_aside() -> None:
    stream, now = school_streams(1)[0], timezone.now()
    clerk = viewer_for(person("clerk", roles=["school-operator"]))
    with clock_jumped(DAY):
        assert send(stream, now + DAY - MINUTE) == 1
    assert send(stream, now) == 1
    assert LatestValue.objects.get().phenomenon_time == now
    observation_discard(stream, at=now + DAY - MINUTE, reason="the clock was ahead", viewer=clerk)
    rollups_refresh()
    assert tables_stored() == tables_true()
