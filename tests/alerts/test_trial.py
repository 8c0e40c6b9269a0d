"""What a rule would have done last week, against what it does when it watches."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from apps.accounts.data import Viewer
from apps.accounts.models import User
from apps.accounts.selectors import viewer_for
from apps.alerts.models import Alarm, AlarmEvent, AlertRule, Condition
from apps.alerts.services import rule_trial, rules_evaluate
from apps.core.errors import ProblemError
from apps.sensing.models import Datastream, Observation
from apps.sensing.services.partitions import partitions_ensure
from tests.alerts.builders import NOON, reads, rule, stream
from tests.people import person

pytestmark = pytest.mark.django_db
UNTIL = NOON + timedelta(days=1)


def history(series: Datastream, values: list[float], *, step: int = 60) -> None:
    partitions_ensure(start=NOON, end=UNTIL)
    Observation.objects.bulk_create(
        Observation(datastream=series, phenomenon_time=NOON + timedelta(seconds=step * number), result=value)
        for number, value in enumerate(values)
    )


def everywhere() -> Viewer:
    name = f"ana{User.objects.count()}"
    return viewer_for(person(name, roles=["city-analyst"]))


def tried(watching: AlertRule) -> int:
    return rule_trial(watching, viewer=everywhere(), until=UNTIL).alarms


@pytest.mark.parametrize(
    ("hysteresis", "hold", "alarms"), [(0, 0, 3), (5, 0, 2), (0, 60, 1), (5, 120, 1), (0, 600, 0)]
)
def test_a_trial_counts_the_runs_beyond_the_level(hysteresis: float, hold: int, alarms: int) -> None:
    series = stream()
    history(series, [50, 90, 78, 90, 90, 50, 90, 50])
    assert tried(rule(hysteresis=hysteresis, hold=hold)) == alarms


def test_a_trial_counts_silences() -> None:
    series = stream()
    history(series, [50, 51, 52], step=1200)
    assert tried(rule(condition=Condition.MISSING, span=900)) == 1
    assert not Alarm.objects.exists()


def test_a_trial_says_how_many_datastreams_it_looked_at() -> None:
    history(stream("T1"), [90, 91])
    stream("T2")
    trial = rule_trial(rule(), viewer=everywhere(), until=UNTIL)
    assert (trial.troubled, trial.streams, trial.covered) == (1, 2, 2)


def test_a_fence_cannot_be_tried() -> None:
    with pytest.raises(ProblemError):
        rule_trial(rule(condition=Condition.GEOFENCE, side="inside"), viewer=everywhere())


def test_a_trial_foresees_what_the_rule_then_does() -> None:
    series, watching = stream(), rule(hysteresis=4, hold=120)
    values = np.random.default_rng(7).normal(80, 6, 300).round(1).clip(60, 100)
    history(series, list(values))
    stored = Observation.objects.filter(datastream=series).order_by("phenomenon_time")
    for second, (value, quality) in enumerate(stored.values_list("result", "quality")):
        reads(series, value, second=60 * second, quality=quality)
        rules_evaluate(now=NOON + timedelta(seconds=60 * second))
    raised = AlarmEvent.objects.filter(act__in=["raised", "again"]).count()
    assert (tried(watching), raised > 3) == (raised, True)
