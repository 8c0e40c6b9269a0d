"""From raised to closed: acknowledging, shelving, floods, and two evaluators at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from apps.accounts.data import Viewer
from apps.accounts.selectors import viewer_for
from apps.alerts.models import Alarm, AlarmAct, AlarmEvent, AlarmState, AlertRule
from apps.alerts.services import (
    alarm_acknowledge,
    alarm_shelve,
    alarm_unshelve,
    rule_change,
    rules_evaluate,
)
from apps.core.errors import ProblemError
from tests.alerts.builders import NOON, looked, reads, rule, stream
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Viewer:
    return viewer_for(person("operator", roles=["city-operator"]))


@pytest.fixture
def alarm() -> Alarm:
    series = stream()
    rule()
    looked(series, 90, second=0)
    return Alarm.objects.get()


def acts(alarm: Alarm) -> list[str]:
    return list(AlarmEvent.objects.filter(alarm=alarm).order_by("pk").values_list("act", flat=True))


def fresh(alarm: Alarm) -> Alarm:
    return Alarm.objects.get(pk=alarm.pk)


def test_an_acknowledged_alarm_closes_when_it_returns(alarm: Alarm, operator: Viewer) -> None:
    assert alarm_acknowledge(alarm, viewer=operator, note="Patrol sent").state == AlarmState.ACKNOWLEDGED
    looked(stream(), 50, second=60)
    assert fresh(alarm).state == AlarmState.CLOSED
    assert acts(alarm) == [AlarmAct.RAISED, AlarmAct.ACKNOWLEDGED, AlarmAct.CLOSED]


def test_an_alarm_that_returned_unseen_waits_for_an_acknowledgement(alarm: Alarm, operator: Viewer) -> None:
    looked(stream(), 50, second=60)
    assert fresh(alarm).state == AlarmState.RETURNED
    assert alarm_acknowledge(alarm, viewer=operator).state == AlarmState.CLOSED


def test_an_unseen_alarm_is_raised_again_and_not_twice(alarm: Alarm) -> None:
    looked(stream(), 50, second=60)
    looked(stream(), 95, second=120)
    assert (fresh(alarm).state, fresh(alarm).occurrences, Alarm.objects.count()) == (AlarmState.RAISED, 2, 1)


def test_a_closed_alarm_makes_room_for_a_new_one(alarm: Alarm, operator: Viewer) -> None:
    alarm_acknowledge(alarm, viewer=operator)
    looked(stream(), 50, second=60)
    looked(stream(), 95, second=120)
    assert Alarm.objects.filter(state=AlarmState.RAISED).count() == 1
    assert Alarm.objects.count() == 2


def test_who_did_what_is_kept(alarm: Alarm, operator: Viewer) -> None:
    alarm_acknowledge(alarm, viewer=operator, note="Patrol sent")
    event = AlarmEvent.objects.get(act=AlarmAct.ACKNOWLEDGED)
    assert (event.by_id, event.note) == (operator.user_id, "Patrol sent")


def test_a_second_acknowledgement_is_refused(alarm: Alarm, operator: Viewer) -> None:
    alarm_acknowledge(alarm, viewer=operator)
    with pytest.raises(ProblemError, match="already"):
        alarm_acknowledge(alarm, viewer=operator)


def test_a_shelved_alarm_comes_back_by_itself(alarm: Alarm, operator: Viewer) -> None:
    until = timezone.now() + timedelta(hours=1)
    alarm_shelve(alarm, until=until, reason="Road works", viewer=operator)
    rules_evaluate(now=until - timedelta(seconds=1))
    assert fresh(alarm).shelved_until == until
    rules_evaluate(now=until)
    assert fresh(alarm).shelved_until is None
    assert acts(alarm)[-1] == AlarmAct.UNSHELVED


def test_a_shelved_alarm_swallows_its_repetitions(alarm: Alarm, operator: Viewer) -> None:
    alarm_acknowledge(alarm, viewer=operator)
    alarm_shelve(alarm, until=timezone.now() + timedelta(hours=1), reason="Works", viewer=operator)
    looked(stream(), 50, second=60)
    assert fresh(alarm).state == AlarmState.RETURNED
    assert alarm_unshelve(alarm, viewer=operator).state == AlarmState.CLOSED


@pytest.mark.parametrize(("hours", "reason"), [(-1, "x"), (24 * 8, "x"), (1, " ")])
def test_a_shelf_needs_a_reason_and_an_end_within_a_week(
    alarm: Alarm, operator: Viewer, hours: int, reason: str
) -> None:
    with pytest.raises(ProblemError):
        alarm_shelve(alarm, until=timezone.now() + timedelta(hours=hours), reason=reason, viewer=operator)


def test_a_viewer_may_not_acknowledge(alarm: Alarm) -> None:
    with pytest.raises(ProblemError) as refused:
        alarm_acknowledge(alarm, viewer=viewer_for(person("bo", roles=["city-viewer"])))
    assert refused.value.status == 403


def flood(count: int, *, second: int = 0) -> None:
    for number in range(count):
        reads(stream(f"F{number}", division="359902"), 90, second=second)
    rules_evaluate(now=NOON + timedelta(seconds=second))


def test_a_few_alarms_stay_single() -> None:
    rule(flood_after=5)
    flood(5)
    assert not Alarm.objects.filter(is_group=True).exists()


def test_a_flood_becomes_one_group() -> None:
    rule(flood_after=5)
    flood(6)
    group = Alarm.objects.get(is_group=True)
    assert (group.size, group.members.count(), group.state) == (6, 6, AlarmState.RAISED)


def test_alarms_of_another_division_do_not_join_the_flood() -> None:
    rule(flood_after=5)
    reads(stream("X", division="359903"), 90)
    flood(6)
    assert Alarm.objects.get(datastream__thing__code="X").group is None


def test_acknowledging_a_group_acknowledges_its_alarms(operator: Viewer) -> None:
    rule(flood_after=2)
    flood(3)
    alarm_acknowledge(Alarm.objects.get(is_group=True), viewer=operator)
    assert set(Alarm.objects.values_list("state", flat=True)) == {AlarmState.ACKNOWLEDGED}


def test_a_group_closes_with_its_last_alarm(operator: Viewer) -> None:
    rule(flood_after=2)
    flood(3)
    alarm_acknowledge(Alarm.objects.get(is_group=True), viewer=operator)
    for number in range(3):
        reads(stream(f"F{number}", division="359902"), 50, second=60)
    rules_evaluate(now=NOON + timedelta(seconds=60))
    assert set(Alarm.objects.values_list("state", flat=True)) == {AlarmState.CLOSED}


def test_a_new_alarm_wakes_an_acknowledged_group(operator: Viewer) -> None:
    rule(flood_after=2)
    flood(3)
    alarm_acknowledge(Alarm.objects.get(is_group=True), viewer=operator)
    flood(4, second=30)
    group = Alarm.objects.get(is_group=True)
    assert (group.state, group.size) == (AlarmState.RAISED, 4)


def test_a_changed_rule_looks_anew(alarm: Alarm, operator: Viewer) -> None:
    rule_change(AlertRule.objects.get(), {"level": 100.0}, viewer=operator)
    rules_evaluate(now=NOON + timedelta(seconds=5))
    assert fresh(alarm).state == AlarmState.RETURNED


@pytest.mark.django_db(transaction=True)
def test_evaluators_that_race_raise_one_alarm() -> None:
    rule()
    for number in range(20):
        reads(stream(f"R{number}", division=f"3599{number:02}"), 90)
    start = Barrier(4)

    def look() -> int:
        start.wait()
        try:
            return sum(rules_evaluate(now=NOON).raised for _turn in range(3))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        raised = [future.result() for future in [pool.submit(look) for _worker in range(4)]]
    assert (sum(raised), Alarm.objects.count(), AlarmEvent.objects.count()) == (20, 20, 20)
