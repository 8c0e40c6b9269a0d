"""What raises an alarm, and what does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.gis.geos import Polygon

from apps.alerts.models import Alarm, AlarmState, Condition, Side, Watch
from apps.alerts.services import rules_evaluate
from apps.sensing.models import Location, Observation, RollupHour
from apps.sensing.services.partitions import partitions_ensure
from tests.alerts.builders import NOON, looked, reads, rule, stream

pytestmark = pytest.mark.django_db
TRUTH = [
    (Side.ABOVE, 80.1, True),
    (Side.ABOVE, 80.0, False),
    (Side.ABOVE, 79.9, False),
    (Side.BELOW, 79.9, True),
    (Side.BELOW, 80.0, False),
    (Side.BELOW, 80.1, False),
]


def states() -> list[str]:
    return list(Alarm.objects.filter(is_group=False).order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize(("side", "value", "is_raised"), TRUTH)
def test_a_level_is_beyond_on_one_side_only(side: Side, value: float, is_raised: bool) -> None:
    series = stream()
    rule(side=side)
    assert looked(series, value, second=0).raised == int(is_raised)


@pytest.mark.parametrize(("quality", "value"), [(2, 200.0), (3, None), (0, None)])
def test_an_unusable_reading_raises_nothing_and_is_counted(quality: int, value: float | None) -> None:
    series = stream()
    rule()
    assert looked(series, value, second=0, quality=quality).raised == 0
    assert Watch.objects.get().bad == 1


def test_a_suspect_reading_raises_an_alarm() -> None:
    series = stream()
    rule()
    assert looked(series, 90, second=0, quality=1).raised == 1


def test_an_unusable_reading_does_not_end_an_alarm() -> None:
    series = stream()
    rule()
    looked(series, 90, second=0)
    assert looked(series, 10, second=60, quality=2).returned == 0


def test_a_value_must_come_back_beyond_the_hysteresis() -> None:
    series = stream()
    rule(hysteresis=5)
    looked(series, 81, second=0)
    assert [looked(series, value, second=second).returned for second, value in ((60, 78), (120, 75))] == [
        0,
        1,
    ]


def test_a_breach_must_last_as_long_as_the_rule_holds() -> None:
    series = stream()
    rule(hold=120)
    raised = [looked(series, 90, second=second).raised for second in (0, 60, 120, 180)]
    assert raised == [0, 0, 1, 0]


def test_a_dip_starts_the_hold_anew() -> None:
    series = stream()
    rule(hold=120)
    steps = [(0, 90), (60, 70), (120, 90), (180, 90), (240, 90)]
    assert [looked(series, value, second=second).raised for second, value in steps] == [0, 0, 0, 0, 1]


def test_an_unusable_reading_does_not_complete_the_hold() -> None:
    series = stream()
    rule(hold=60)
    looked(series, 90, second=0)
    assert looked(series, 90, second=60, quality=2).raised == 0


def test_silence_raises_an_alarm_and_a_reading_ends_it() -> None:
    series = stream()
    rule(condition=Condition.MISSING, span=300)
    reads(series, 50)
    looks = [rules_evaluate(now=NOON + timedelta(seconds=second)).raised for second in (300, 301, 400)]
    assert looks == [0, 1, 0]
    assert looked(series, 50, second=420).returned == 1


def test_a_reading_unusual_for_its_hour_raises_an_alarm() -> None:
    series = stream()
    rule(condition=Condition.ANOMALY, level=6)
    for day in range(1, 15):
        bucket, mean = NOON - timedelta(days=day), 50.0 + day % 3
        RollupHour.objects.create(datastream=series, bucket=bucket, count=2, total=2 * mean)
    assert [looked(series, value, second=second).raised for second, value in ((0, 53), (60, 75))] == [0, 1]


def test_an_anomaly_needs_five_hours_to_compare_with() -> None:
    series = stream()
    rule(condition=Condition.ANOMALY, level=6)
    for day in range(1, 5):
        RollupHour.objects.create(datastream=series, bucket=NOON - timedelta(days=day), count=1, total=50)
    assert looked(series, 130, second=0).raised == 0


@pytest.mark.parametrize(("bad", "is_raised"), [(1, False), (3, True)])
def test_too_large_a_share_of_unusable_readings_raises_an_alarm(bad: int, is_raised: bool) -> None:
    series = stream()
    rule(condition=Condition.QUALITY, level=0.2, span=600)
    partitions_ensure(start=NOON, end=NOON)
    for number in range(10):
        quality = 2 if number < bad else 0
        moment = NOON - timedelta(minutes=number)
        Observation.objects.create(datastream=series, phenomenon_time=moment, result=1, quality=quality)
    assert looked(series, 50, second=0).raised == int(is_raised)


SQUARE = Polygon(((118, 24), (119, 24), (119, 25), (118, 25), (118, 24)), srid=4326)


@pytest.mark.parametrize(("side", "is_raised"), [(Side.INSIDE, False), (Side.OUTSIDE, True)])
def test_a_thing_that_has_moved_is_compared_with_the_fence(side: Side, is_raised: bool) -> None:
    series = stream()
    rule(condition=Condition.GEOFENCE, side=side, fence=SQUARE)
    place = Location.objects.create(domain="city", name="Yard", geometry="SRID=4326;POINT(117.5 24.5)")
    place.things.add(series.thing)
    assert looked(series, 50, second=0).raised == int(is_raised)


def test_a_rule_for_an_area_leaves_others_alone() -> None:
    inside, outside = stream("T1", division="359902"), stream("T2", division="359903")
    rule(area="359902")
    reads(outside, 90)
    assert looked(inside, 90, second=0).raised == 1
    assert Alarm.objects.get().datastream == inside


def test_a_rule_for_one_datastream_leaves_others_alone() -> None:
    one, other = stream("T1"), stream("T2")
    rule(datastream=one, kind="")
    reads(other, 90)
    looked(one, 90, second=0)
    assert Alarm.objects.get().datastream == one


def test_a_rule_that_is_switched_off_ends_its_alarms() -> None:
    series, watching = stream(), rule()
    looked(series, 90, second=0)
    watching.active = False
    watching.save()
    rules_evaluate()
    assert states() == [AlarmState.RETURNED]


def test_looking_again_changes_nothing() -> None:
    series = stream()
    rule()
    looked(series, 90, second=0)
    assert rules_evaluate().raised == 0
    assert states() == [AlarmState.RAISED]
