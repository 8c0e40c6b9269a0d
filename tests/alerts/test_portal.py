"""The alarms pages, for those who handle alarms and for those who only look."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.module_loading import import_string

from apps.alerts.models import Alarm, AlarmState, AlertRule
from apps.alerts.services import rules_evaluate, rules_register
from apps.core.domains import all_domains
from apps.domains.plant.seeding import seed
from apps.sensing.models import Observation
from apps.sensing.services.partitions import partitions_ensure
from tests.alerts.builders import NOON, looked, reads, rule, stream
from tests.people import department, person
from tests.portal.builders import logged_in

pytestmark = pytest.mark.django_db
PAGE = "/portal/alarms/"


@pytest.fixture
def operator() -> Client:
    return logged_in(person("operator", roles=["city-operator"]))


def raised() -> Alarm:
    rule(name="车速过高", name_en="Too fast", message_en="Send a patrol.")
    looked(stream(), 90, second=0)
    return Alarm.objects.get()


def test_an_alarm_is_listed_with_its_priority_in_words(operator: Client) -> None:
    raised()
    with translation.override("en"):
        text = operator.get(PAGE, headers={"Accept-Language": "en"}).content.decode()
    assert "Too fast" in text
    assert "Medium" in text


def test_the_header_counts_what_waits(operator: Client) -> None:
    raised()
    assert operator.get(f"{PAGE}count/").json() == {"count": 1}


def test_acknowledging_and_shelving_from_the_list(operator: Client) -> None:
    pk = raised().pk
    operator.post(f"{PAGE}{pk}/acknowledge/")
    operator.post(f"{PAGE}{pk}/shelve/", {"hours": "8", "reason": "Road works"})
    row = Alarm.objects.get()
    assert (row.state, row.shelve_reason) == (AlarmState.ACKNOWLEDGED, "Road works")
    assert f"{PAGE}{pk}/unshelve/" in operator.get(f"{PAGE}?state=shelved").content.decode()


def test_a_shelf_without_a_reason_is_refused(operator: Client) -> None:
    pk = raised().pk
    operator.post(f"{PAGE}{pk}/shelve/", {"hours": "8", "reason": ""})
    assert Alarm.objects.get().shelved_until is None


def test_a_group_unfolds(operator: Client) -> None:
    rule(flood_after=1)
    for code in ("A1", "A2"):
        reads(stream(code), 90)
    rules_evaluate(now=NOON)
    text = operator.get(PAGE).content.decode()
    assert text.count("<details><summary>") == 1
    assert all(code in text for code in ("A1", "A2"))


def test_a_rule_is_tried_and_changed(operator: Client) -> None:
    pk = rule().pk
    assert operator.get(f"{PAGE}rules/{pk}/trial/").status_code == 200
    numbers = {"level": "95", "hysteresis": "2", "hold": "0", "span": "60", "flood_after": "5"}
    rest = {"flood_window": "600", "priority": "1", "active": "yes"}
    operator.post(f"{PAGE}rules/{pk}/change/", numbers | rest)
    assert AlertRule.objects.get().level == 95


@pytest.mark.parametrize("path", ["", "rules/", "count/"])
def test_people_of_other_domains_see_no_alarm(path: str) -> None:
    raised()
    text = logged_in(person("far", roles=["farm-operator"])).get(PAGE + path).content.decode()
    assert "车速过高" not in text
    assert "Too fast" not in text


def test_a_viewer_sees_and_may_not_act() -> None:
    pk = raised().pk
    client = logged_in(person("bo", roles=["city-viewer"]))
    assert client.post(f"{PAGE}{pk}/acknowledge/").status_code == 403
    assert "acknowledge/" not in client.get(PAGE).content.decode()


def test_the_demonstration_brings_rules_and_keeps_what_people_made_of_them() -> None:
    department({domain.slug: domain.owner for domain in all_domains()}["plant"])
    seed()
    AlertRule.objects.filter(kind="vibration").update(level=7)
    seed()
    assert AlertRule.objects.get(kind="vibration").level == 7
    assert AlertRule.objects.count() >= 3


@pytest.mark.parametrize("slug", ["city", "farm", "hospital", "plant", "school"])
def test_every_demonstration_rule_can_work(slug: str) -> None:
    rules = import_string(f"apps.domains.{slug}.alarms.RULES")
    rules_register(domain=slug, rules=rules)
    assert AlertRule.objects.filter(domain=slug).count() == len(rules)


def test_an_unusual_reading_is_shown_as_measured_beside_its_deviation(operator: Client) -> None:
    series, began = stream(), timezone.now().replace(microsecond=0)
    unusual = rule(name="异常", condition="anomaly", level=10)
    partitions_ensure(start=began, end=began)
    Observation.objects.create(datastream=series, phenomenon_time=began, result=61)
    Alarm.objects.create(
        rule=unusual,
        datastream=series,
        domain="city",
        priority=2,
        value=79.05,
        since=began,
        raised_at=began,
        last_raised_at=began,
    )
    headers = {"Accept-Language": "en"}
    for address in (PAGE, f"{PAGE}{Alarm.objects.get().pk}/"):
        text = operator.get(address, headers=headers).content.decode()
        assert "79.05 times the usual deviation" in text
        assert "61 km/h" in text
    assert "10 times the usual deviation" in operator.get(f"{PAGE}rules/", headers=headers).content.decode()


def test_the_hold_time_stands_in_the_rules_and_where_no_alarm_is(operator: Client) -> None:
    rule(hold=600)
    for address in (PAGE, f"{PAGE}rules/"):
        assert "10 minutes" in operator.get(address, headers={"Accept-Language": "en"}).content.decode()
