"""A filter that cannot be read is refused by its name: over every list of the API document."""

from __future__ import annotations

import functools
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

from apps.core.domains import all_domains
from apps.core.grades import Grade
from apps.sensing.models import Datastream
from tests.core.test_json_types import document
from tests.people import CAPABILITIES, OFFICES, person
from tests.portal.builders import stream

pytestmark = pytest.mark.django_db
BACKEND = "apps.accounts.backends.SealedBackend"
UNREADABLE = "banana"
TIMES = ("2026-11-20T00:00:00", "2026-11-20")
READ_BY_ROWS = {"code", "key", "kind", "recipe", "scope", "problem", "department", "division", "object_type"}


@pytest.fixture(autouse=True)
def unthrottled(monkeypatch: pytest.MonkeyPatch) -> None:
    for throttle in (UserRateThrottle, AnonRateThrottle):
        monkeypatch.setattr(throttle, "get_rate", lambda _throttle: None)
    cache.clear()


def clients() -> list[Client]:
    """Somebody with every role, and the three offices."""
    roles = [f"{domain.slug}-{kind}" for domain in all_domains() for kind in CAPABILITIES]
    people = [person("everything", roles=roles, clearance=Grade.L4)]
    people += [person(office, office=office) for office in OFFICES]
    found = []
    for one in people:
        client = Client(headers={"accept-language": "en"})
        client.force_login(one, backend=BACKEND)
        found.append(client)
    return found


@functools.cache
def lists() -> dict[str, list[dict[str, Any]]]:
    """Path and query parameters of each GET without an id in its path."""
    paths = document()["paths"]
    return {
        path: [one for one in item["get"].get("parameters", ()) if one["in"] == "query"]
        for path, item in paths.items()
        if "get" in item and "{" not in path
    }


def is_typed(parameter: dict[str, Any]) -> bool:
    """Whether some text cannot be a value of it."""
    schema = parameter["schema"]
    closed = schema.get("type") in {"boolean", "integer", "number"} or "enum" in schema
    return (
        closed or schema.get("format") in {"date", "date-time"} or parameter["name"] in {"cursor", "domain"}
    )


def needed(path: str) -> dict[str, str]:
    """Values of the parameters that the address cannot do without."""
    required = {one["name"] for one in lists()[path] if one.get("required")}
    readings = Datastream.objects.first() or stream()
    values = {"datastream": str(readings.pk), "object": "city.RoadSegment", "pk": "1"}
    return {name: values[name] for name in required}


def refused(people: list[Client], path: str, name: str, query: dict[str, str]) -> str:
    """ "" where the answer is 400 and names the parameter (or nobody of these may ask), else what came."""
    answers = [one.get(f"{path}?{urlencode(query)}") for one in people]
    asked = next((one for one in answers if one.status_code != 403), answers[0])
    if asked.status_code == 403:
        return ""
    named = [one["field"] for one in asked.json()["errors"]] if asked.status_code == 400 else []
    return "" if name in named else f"{asked.status_code} {path} {query}"


def test_every_parameter_of_every_list_refuses_what_it_cannot_read() -> None:
    people, faults, asked = clients(), [], 0
    for path, parameters in lists().items():
        others = needed(path)
        for one in filter(is_typed, parameters):
            values = [UNREADABLE, ""]
            values += TIMES if one["schema"].get("format") == "date-time" else ()
            named = [{**others, one["name"]: value} for value in values]
            faults += [refused(people, path, one["name"], query) for query in named]
            asked += len(values)
    assert asked > 200
    assert not list(filter(None, faults))


def test_no_list_takes_a_parameter_that_it_does_not_read() -> None:
    people = clients()
    faults = [refused(people, path, "foo", {**needed(path), "foo": "1"}) for path in lists()]
    assert not list(filter(None, faults))


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("sensing/datastreams/", {"active": "maybe"}),
        ("sensing/datastreams/", {"limit": "0"}),
        ("sensing/datastreams/", {"limit": "1001"}),
        ("sensing/datastreams/", {"cursor": "zzz"}),
        ("sensing/datastreams/", {"cursor": "cD1hYmM="}),  # p=abc
        ("sensing/datastreams/", {"format": "csv"}),
        ("sensing/datastreams/", {"bbox": "1,2,3,4"}),
        ("alerts/alarms/", {"group__isnull": "banana"}),
        ("alerts/alarms/", {"state__in": "open,banana"}),
        ("training/forecasts/", {"latest": "banana"}),
        ("training/forecasts/", {"start": "2026-11-20T00:00:00"}),
        ("training/forecasts/", {"start": "2026-11-21T00:00:00Z", "end": "2026-11-20T00:00:00Z"}),
        ("sensing/export/", {"kind": "nope"}),
        ("sensing/export/", {"domain": "nope"}),
        ("maps/features/city.roads/", {"foo": "1"}),
        ("accounts/me/", {"foo": "1"}),
    ],
)
def test_what_once_did_nothing_is_refused(path: str, query: dict[str, str]) -> None:
    (answer,) = [one.get(f"/api/v1/{path}?{urlencode(query)}") for one in clients()[:1]]
    named = {one["field"] for one in answer.json()["errors"]}
    assert (answer.status_code, named <= set(query)) == (400, True)
    assert named


def test_an_unknown_datastream_and_a_period_that_ends_before_it_begins_are_refused() -> None:
    client, path = clients()[0], "/api/v1/sensing/observations/"
    unknown = client.get(f"{path}?datastream=999999")
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (404, "datastream")
    period = {"datastream": stream().pk, "start": "2026-11-21T00:00:00Z", "end": "2026-11-20T00:00:00Z"}
    wrong = client.get(f"{path}?{urlencode(period)}")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "start")


def test_a_parameter_that_is_given_twice_is_refused() -> None:
    answer = clients()[0].get("/api/v1/sensing/datastreams/?active=true&active=false")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "active")


def test_a_plus_that_the_address_turned_into_a_blank_is_still_a_zone() -> None:
    answer = clients()[0].get("/api/v1/training/forecasts/?start=2026-11-20T00:00:00+08:00")
    assert answer.status_code == 200
