"""Every stored reading is judged: those between two looks, and those that come late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.gis.geos import Polygon
from django.db import connection
from django.utils import timezone

from apps.alerts.models import Alarm, AlarmEvent, AlarmState, Condition, Horizon, Side, Watch
from apps.alerts.services import rules_evaluate
from apps.sensing.models import Datastream, LatestValue, Observation, ObservedProperty, RollupHour
from apps.sensing.services.partitions import partitions_ensure
from tests.alerts.builders import NOON, looked, reads, rule, stream

pytestmark = pytest.mark.django_db


def stored(series: Datastream, *readings: tuple[int, float | None], quality: int = 0) -> None:
    """A batch: rows and the newest reading, in seconds after noon, as the write path leaves them."""
    partitions_ensure(start=NOON - timedelta(days=3), end=NOON + timedelta(days=1))
    for second, value in readings:
        moment = NOON + timedelta(seconds=second)
        Observation.objects.create(datastream=series, phenomenon_time=moment, result=value, quality=quality)
    second, value = max(readings)
    newest = LatestValue.objects.filter(datastream=series).first()
    if newest is None or newest.phenomenon_time < NOON + timedelta(seconds=second):
        reads(series, value, second=second, quality=quality)


def look(second: int) -> Any:
    return rules_evaluate(now=NOON + timedelta(seconds=second))


def acts() -> list[str]:
    return list(AlarmEvent.objects.order_by("pk").values_list("act", flat=True))


def test_a_breach_inside_a_batch_raises_an_alarm_that_is_back_to_normal() -> None:
    series = stream()
    rule()
    looked(series, 50, second=0)
    stored(series, (10, 60), (20, 99), (30, 85), (40, 60))
    assert (look(45).raised, acts()) == (1, ["raised", "returned"])
    alarm = Alarm.objects.get()
    assert (alarm.state, alarm.value) == (AlarmState.RETURNED, 99)
    assert alarm.since == NOON + timedelta(seconds=20)
    assert look(50).raised == 0


def test_a_dip_between_two_looks_starts_the_hold_anew() -> None:
    series = stream()
    rule(hold=60)
    looked(series, 90, second=0)
    stored(series, (20, 90), (30, 50), (40, 90), (70, 90))
    assert look(71).raised == 0
    stored(series, (100, 90))
    assert look(101).raised == 1
    assert Alarm.objects.get().since == NOON + timedelta(seconds=40)


def test_a_breach_held_between_two_looks_raises() -> None:
    series = stream()
    rule(hold=60)
    looked(series, 50, second=0)
    stored(series, (10, 90), (40, 90), (70, 90), (80, 50))
    assert look(81).raised == 1


def test_an_alarm_that_goes_on_is_not_raised_again_by_the_readings_between() -> None:
    series = stream()
    rule()
    looked(series, 90, second=0)
    stored(series, (10, 91), (20, 92), (30, 93))
    assert look(31).raised == 0
    assert Alarm.objects.get().occurrences == 1


def test_unusable_readings_between_two_looks_are_counted_and_decide_nothing() -> None:
    series = stream()
    rule()
    looked(series, 50, second=0)
    stored(series, (10, 200), (20, 200), quality=2)
    stored(series, (30, 50))
    assert look(31).raised == 0
    assert Watch.objects.get().bad == 2


def test_a_level_that_is_gone_below_keeps_the_lowest_value() -> None:
    series = stream()
    rule(side=Side.BELOW, level=10)
    looked(series, 50, second=0)
    stored(series, (10, 9), (20, 3), (30, 8), (40, 50))
    assert look(41).raised == 1
    assert Alarm.objects.get().value == 3


def test_an_unusual_reading_inside_a_batch_raises_an_alarm() -> None:
    series = stream()
    rule(condition=Condition.ANOMALY, level=6)
    for day in range(1, 15):
        bucket, mean = NOON - timedelta(days=day), 50.0 + day % 3
        RollupHour.objects.create(datastream=series, bucket=bucket, count=2, total=2 * mean)
    looked(series, 51, second=0)
    stored(series, (10, 52), (20, 75), (30, 51))
    assert look(31).raised == 1


@pytest.mark.parametrize(("value", "is_raised"), [(2.0, False), (358.0, False), (180.0, True)])
def test_a_direction_goes_round(value: float, is_raised: bool) -> None:
    series = stream()
    Datastream.objects.filter(pk=series.pk).update(unit="deg", low=0, high=360)
    rule(condition=Condition.ANOMALY, level=6)
    for day in range(1, 15):
        bucket, mean = NOON - timedelta(days=day), (358.0, 0.0, 2.0)[day % 3]
        RollupHour.objects.create(datastream=series, bucket=bucket, count=1, total=mean)
    assert looked(series, value, second=0).raised == int(is_raised)


def test_a_stream_that_never_spoke_is_silent_since_its_rule_first_looked() -> None:
    series = stream()
    rule(condition=Condition.MISSING, span=300)
    assert [look(second).raised for second in (0, 299, 301, 400)] == [0, 0, 1, 0]
    assert looked(series, 50, second=420).returned == 1


SQUARE = Polygon(((118, 24), (119, 24), (119, 25), (118, 25), (118, 24)), srid=4326)


def positions(**named: tuple[tuple[int, float], ...]) -> None:
    """The readings of a thing's longitude and latitude."""
    for name, readings in named.items():
        series = stream("T1", kind="pm25" if name == "longitude" else "no2")
        known, _made = ObservedProperty.objects.get_or_create(
            name=name, defaults={"title_zh": name, "title_en": name}
        )
        Datastream.objects.filter(pk=series.pk).update(observed_property=known)
        stored(series, *readings)


def test_a_place_is_made_of_a_longitude_and_a_latitude_of_one_moment() -> None:
    series = stream("T1")
    rule(condition=Condition.GEOFENCE, side=Side.INSIDE, fence=SQUARE)
    reads(series, 50)
    # At 0 west of the square, at 10 north of it; the longitude of 10 with the latitude of 0 would lie inside.
    positions(longitude=((0, 117.5), (10, 118.5)), latitude=((0, 24.5),))
    assert look(11).raised == 0
    positions(latitude=((10, 25.5),))
    assert look(12).raised == 0
    positions(longitude=((20, 118.5),), latitude=((20, 24.5),))
    assert look(21).raised == 1


def outside() -> psycopg.Connection[Any]:
    """A writer of its own, as a gateway is."""
    names = {key: connection.settings_dict[key.upper()] for key in ("host", "port", "user", "password")}
    name = settings.DATABASES["default"]["NAME"]
    return psycopg.connect(dbname=name, options="-c cityplatform.viewer=system", **names)


def insert(writer: psycopg.Connection[Any], series: Datastream, second: float, value: float) -> None:
    moment = timezone.now() - timedelta(seconds=second)
    writer.execute(
        "INSERT INTO sensing_observation (datastream_id, phenomenon_time, result, quality, flags)"
        " VALUES (%s, %s, %s, 0, 0)",
        [series.pk, moment, value],
    )


@pytest.fixture
def watched() -> Datastream:
    """A stream with a newest reading of now, looked at once."""
    series = stream()
    rule()
    partitions_ensure(start=timezone.now() - timedelta(days=5), end=timezone.now())
    LatestValue.objects.create(datastream=series, phenomenon_time=timezone.now(), result=50, quality=0)
    rules_evaluate()
    return series


@pytest.mark.django_db(transaction=True)
def test_a_late_breach_raises_an_alarm_once(watched: Datastream) -> None:
    with outside() as writer:
        insert(writer, watched, 600, 99)
    assert [rules_evaluate().raised for _ in range(3)] == [1, 0, 0]
    assert acts() == ["raised", "returned"]


@pytest.mark.django_db(transaction=True)
def test_a_commit_that_comes_after_later_ones_is_not_missed(watched: Datastream) -> None:
    with outside() as slow:
        insert(slow, watched, 600, 99)  # begun first, committed last
        with outside() as quick:
            insert(quick, watched, 500, 60)
        for _ in range(2):
            assert rules_evaluate().raised == 0
    assert [rules_evaluate().raised for _ in range(3)] == [1, 0, 0]


@pytest.mark.django_db(transaction=True)
def test_rows_of_a_savepoint_are_not_missed(watched: Datastream) -> None:
    with outside() as slow:
        insert(slow, watched, 700, 60)
        with slow.transaction():
            insert(slow, watched, 600, 99)
        assert rules_evaluate().raised == 0
    assert [rules_evaluate().raised for _ in range(2)] == [1, 0]


@pytest.mark.django_db(transaction=True)
def test_history_raises_no_alarm(watched: Datastream) -> None:
    with outside() as writer:
        insert(writer, watched, 4 * 86400, 99)
    assert [rules_evaluate().raised for _ in range(2)] == [0, 0]
    assert Horizon.objects.count() == 1
