"""Sources over the API and in the portal: who may, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from apps.pulls.models import PullRun, Source
from tests.people import person
from tests.portal.builders import logged_in
from tests.pulls.builders import operator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]
SOURCES = "/api/v1/pulls/sources/"
WISH = {
    "domain": "school",
    "name": "Air feed",
    "kind": "http_json",
    "address": "http://127.0.0.1:9/feed",
    "mapping": {"time": "ts", "datastream": "id", "result": "v"},
}


@pytest.fixture
def client() -> Client:
    return logged_in(operator())


def sent(client: Client, **changes: Any) -> Any:
    return client.post(SOURCES, {**WISH, **changes}, content_type="application/json")


def test_a_source_is_named_changed_asked_and_given_up(client: Client) -> None:
    made = sent(client)
    assert made.status_code == 201, made.content
    place = f"{SOURCES}{made.json()['id']}/"
    changed = client.patch(place, {"schedule": 60}, content_type="application/json")
    assert changed.json()["schedule"] == 60
    assert client.post(f"{place}run/").status_code == 202
    PullRun.objects.create(source=Source.objects.get(), message="hello")
    assert client.get("/api/v1/pulls/runs/").json()["results"][0]["message"] == "hello"
    assert client.delete(place).status_code == 204


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"domain": "moon"}, "domain"),
        ({"kind": "telepathy"}, "kind"),
        ({"address": "http://10.0.0.1/"}, "address"),
        ({"address": "file:///etc/passwd"}, "address"),
        ({"schedule": 1}, "schedule"),
        ({"secret": "../../etc/passwd"}, "secret"),
        ({"secret": "DATABASE_URL"}, "secret"),
        ({"mapping": {"time": 7}}, "mapping"),
        ({"mapping": {"time": "t", "nonsense": 1}}, "mapping"),
        ({"mapping": {"time": "t", "time_zone": "Mars/Base"}}, "mapping"),
        ({"mapping": {"time": "t", "auth": "header:A\r\nB"}}, "mapping"),
        ({"kind": "opcua", "address": "opc.tcp://127.0.0.1", "mapping": {"nodes": {"x": "y"}}}, "mapping"),
        ({"kind": "gtfs_rt", "mapping": {}}, "mapping"),
        ({"name": "x\0y"}, "name"),
    ],
)
def test_what_does_not_fit_is_named(client: Client, changes: dict[str, Any], field: str) -> None:
    answer = sent(client, **changes)
    assert answer.status_code in {400, 403}, answer.content
    assert field in {error["field"] for error in answer.json()["errors"]}


def test_a_name_is_taken_once(client: Client) -> None:
    sent(client)
    assert sent(client).status_code == 409


def test_who_may_not_upload_may_not_manage_sources(client: Client) -> None:
    made = sent(client).json()["id"]
    other = logged_in(person("reader", roles=["school-viewer"]))
    assert sent(other, name="b").status_code == 403
    assert (
        other.patch(f"{SOURCES}{made}/", {"active": False}, content_type="application/json").status_code
        == 403
    )
    assert other.delete(f"{SOURCES}{made}/").status_code == 403
    stranger = logged_in(person("stranger", roles=["city-operator"]))
    assert stranger.get(f"{SOURCES}{made}/").status_code == 404


def test_the_portal_shows_sources_and_their_log(client: Client) -> None:
    sent(client)
    PullRun.objects.create(source=Source.objects.get(), message="hello")
    assert "Air feed" in client.get("/portal/pulls/source/").content.decode()
    assert "hello" in client.get("/portal/pulls/pullrun/").content.decode()


def test_a_clerk_names_changes_and_asks_a_source_in_the_portal(client: Client) -> None:
    form = WISH | {"mapping": json.dumps(WISH["mapping"]), "schedule": 60, "active": "on", "secret": ""}
    wrong = client.post("/portal/pulls/source/add/", form | {"address": "http://10.0.0.1/"})
    assert "10.0.0.1" in str(wrong.context["errors"])
    answer = client.post("/portal/pulls/source/add/", form)
    assert answer.status_code == 302, answer.context["errors"]
    made = Source.objects.get()
    place = f"/portal/pulls/source/{made.pk}/change/"
    assert client.get(place).status_code == 200
    assert client.post(place, {**form, "schedule": 90, "domain": "city"}).status_code == 302
    made.refresh_from_db()
    assert (made.schedule, made.domain) == (90, "school")
    Source.objects.update(next_due=None)
    client.post("/portal/pulls/source/", {"action": "ask", "_selected_action": [made.pk]})
    made.refresh_from_db()
    assert made.next_due is not None


def test_a_reader_has_no_form(client: Client) -> None:
    sent(client)
    reader = logged_in(person("reader", roles=["school-viewer"]))
    assert reader.get("/portal/pulls/source/add/").status_code == 403
    place = f"/portal/pulls/source/{Source.objects.get().pk}/change/"
    assert reader.post(place, {"name": "x"}).status_code == 403
