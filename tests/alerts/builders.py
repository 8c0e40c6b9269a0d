"""Datastreams with newest readings, and rules over them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from apps.alerts.models import AlertRule, Condition, Side
from apps.alerts.services import rules_evaluate
from apps.alerts.services.evaluating import Evaluated
from apps.core.domains import domain_get
from apps.sensing.models import Datastream, LatestValue
from apps.sensing.services.registering import ThingFacts, datastreams_register, things_register
from tests.people import department

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def stream(code: str = "T1", *, kind: str = "speed", domain: str = "city", division: str = "") -> Datastream:
    """One datastream of one thing."""
    department(domain_get(domain).owner)
    things = things_register(domain=domain, things=[ThingFacts(code, code, division)])
    return datastreams_register(domain=domain, things=things, kinds=[kind])[f"{domain}.{code}.{kind}"]


def rule(**values: Any) -> AlertRule:
    """Speed above 80, unless said otherwise."""
    usual = {"domain": "city", "name": "Too fast", "kind": "speed", "condition": Condition.THRESHOLD}
    return AlertRule.objects.create(**{**usual, "side": Side.ABOVE, "level": 80, **values})


def reads(series: Datastream, value: float | None, *, second: int = 0, quality: int = 0) -> None:
    """The newest reading of a stream, ``second`` seconds after noon."""
    values = {"phenomenon_time": NOON + timedelta(seconds=second), "result": value, "quality": quality}
    LatestValue.objects.update_or_create(datastream=series, defaults=values)


def looked(series: Datastream, value: float | None, *, second: int, quality: int = 0) -> Evaluated:
    """One reading and one look."""
    reads(series, value, second=second, quality=quality)
    return rules_evaluate(now=NOON + timedelta(seconds=second))
