"""The API under the policy kernel, and websocket news of alarms."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.alerts.models import Alarm, AlertRule, Webhook
from apps.alerts.services import rules_evaluate
from tests.alerts.builders import looked, reads, rule, stream
from tests.live.builders import Web, cookies, hear
from tests.live.conftest import web, web_process
from tests.people import person
from tests.portal.builders import logged_in

__all__ = ["web", "web_process"]
pytestmark = pytest.mark.django_db
API = "/api/v1/alerts"
SQUARE = {"type": "Polygon", "coordinates": [[[118, 24], [119, 24], [119, 25], [118, 25], [118, 24]]]}
WISH = {"domain": "city", "name": "Fast", "kind": "speed", "condition": "threshold", "level": 80}


@pytest.fixture
def operator() -> Client:
    return logged_in(person("operator", roles=["city-operator"]))


def sent(client: Client, path: str, body: dict[str, Any], *, method: str = "post") -> Any:
    return getattr(client, method)(f"{API}/{path}", body, content_type="application/json")


def alarm(**values: Any) -> Alarm:
    series = stream()
    rule(**values)
    looked(series, 90, second=0)
    return Alarm.objects.get()


def test_an_operator_makes_and_changes_a_rule(operator: Client) -> None:
    made = sent(operator, "rules/", WISH)
    assert (made.status_code, made.json()["level"]) == (201, 80)
    changed = sent(operator, f"rules/{made.json()['id']}/", {"level": 90, "active": False}, method="patch")
    assert (changed.json()["level"], changed.json()["active"]) == (90, False)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "heartbeat"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"side": "inside"}, "side"),
        ({"hysteresis": -1}, "level"),
        ({"level": "nan"}, "level"),
        ({"level": 10**400}, "level"),
        ({"condition": "geofence", "side": "inside"}, "fence"),
        ({"condition": "geofence", "fence": {"type": "Point", "coordinates": [1, 2]}}, "fence"),
        ({"condition": "geofence", "fence": {"type": "Polygon"}}, "fence"),
        ({"condition": "quality", "level": 3}, "level"),
        ({"condition": "missing", "span": 0}, "span"),
        ({"condition": "sunset"}, "condition"),
        ({"domain": "moon"}, "domain"),
        ({"users": [999999]}, "users"),
        ({"datastream": 10**30}, "datastream"),
        ({"priority": 9}, "priority"),
    ],
)
def test_a_rule_that_cannot_work_is_refused(operator: Client, change: dict[str, Any], field: str) -> None:
    answer = sent(operator, "rules/", WISH | change)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    assert not AlertRule.objects.exists()


def test_a_fence_is_geojson(operator: Client) -> None:
    wish = WISH | {"condition": "geofence", "side": "outside", "fence": SQUARE}
    assert sent(operator, "rules/", wish).json()["fence"]["type"] == "Polygon"


def test_a_second_rule_of_a_name_is_a_conflict(operator: Client) -> None:
    assert [sent(operator, "rules/", WISH).status_code for _turn in range(2)] == [201, 409]


def test_a_rule_tells_what_it_would_have_done(operator: Client) -> None:
    stream()
    answer = operator.get(f"{API}/rules/{rule().pk}/trial/")
    assert answer.json() == {"alarms": 0, "troubled": 0, "streams": 1, "covered": 1, "days": 7}


def test_an_alarm_is_acknowledged_and_shelved(operator: Client) -> None:
    pk = alarm().pk
    assert sent(operator, f"alarms/{pk}/acknowledge/", {"note": "seen"}).json()["state"] == "acknowledged"
    until = (timezone.now() + timedelta(hours=1)).isoformat()
    shelved = sent(operator, f"alarms/{pk}/shelve/", {"until": until, "reason": "Road works"})
    assert shelved.json()["shelve_reason"] == "Road works"
    assert sent(operator, f"alarms/{pk}/unshelve/", {}).json()["shelved_until"] is None
    acts = operator.get(f"{API}/events/?alarm={pk}").json()["results"]
    assert [row["act"] for row in acts] == ["raised", "acknowledged", "shelved", "unshelved"]


def test_alarms_are_paged_by_key(operator: Client) -> None:
    rule(flood_after=100)
    for number in range(5):
        reads(stream(f"A{number}"), 90)
    rules_evaluate()
    first = operator.get(f"{API}/alarms/?limit=3&state__in=raised,acknowledged").json()
    rest = operator.get(first["next"]).json()
    assert [len(first["results"]), len(rest["results"]), rest["next"]] == [3, 2, None]


@pytest.mark.parametrize("path", ["rules", "alarms", "events", "watches", "webhooks", "notifications"])
@pytest.mark.parametrize("role", ["farm-operator", "city-viewer"])
def test_only_people_of_the_domain_see_anything(path: str, role: str) -> None:
    found = alarm()
    found.rule.webhooks.add(
        Webhook.objects.create(domain="city", name="Desk", url="http://1.1.1.1/", owner=person("owner"))
    )
    looked(stream(), 50, second=60)
    rows = logged_in(person("bo", roles=[role])).get(f"{API}/{path}/").json()["results"]
    assert bool(rows) is (role == "city-viewer")


@pytest.mark.parametrize(
    ("path", "status"), [("alarms/{}/acknowledge/", 403), ("alarms/{}/unshelve/", 403), ("rules/", 403)]
)
def test_a_viewer_only_reads(path: str, status: int) -> None:
    client, pk = logged_in(person("bo", roles=["city-viewer"])), alarm().pk
    body = WISH if path == "rules/" else {}
    assert sent(client, path.format(pk), body).status_code == status


def test_an_alarm_of_another_division_does_not_exist() -> None:
    rule()
    looked(stream(division="359902"), 90, second=0)
    client = logged_in(person("bo", roles=["city-operator"], division_code="359903"))
    assert client.get(f"{API}/alarms/{Alarm.objects.get().pk}/").status_code == 404


def test_a_webhook_shows_its_key_once() -> None:
    client = logged_in(person("boss", roles=["city-approver"]))
    made = sent(client, "webhooks/", {"domain": "city", "name": "Desk", "url": "http://1.1.1.1/hook"})
    assert made.json()["key"].startswith("whsec_")
    assert made.json()["key"] not in client.get(f"{API}/webhooks/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_an_alarm_reaches_open_pages_of_its_domain_only(web: Web) -> None:
    bo, far = person("bo", roles=["city-viewer"]), person("far", roles=["farm-viewer"])
    narrow = person("narrow", roles=["city-viewer"], division_code="359903")
    rule()

    def opened(user: User) -> Any:
        return web.socket("/ws/jobs/", {"Cookie": cookies(user)})

    with opened(bo) as allowed, opened(far) as other, opened(narrow) as elsewhere:
        hear_nothing_yet = timezone.now()
        looked(stream(division="359902"), 90, second=0)
        news = hear(allowed, "alarm")
        assert (news["state"], news["domain"]) == ("raised", "city")
        assert hear_nothing_yet.isoformat()[:13] in news["at"]
        for socket in (other, elsewhere):
            with pytest.raises(TimeoutError):
                hear(socket, "alarm", seconds=1)
