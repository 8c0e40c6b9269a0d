"""Accounts of devices, by the API and on the portal's page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from apps.sensing.models import Device
from tests.people import person
from tests.sensing.builders import school_streams

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/sensing/devices/"
UNREACHABLE = "mqtt://nobody@127.0.0.1:1"


def asking(*roles: str) -> APIClient:
    client = APIClient()
    client.force_login(person("asking", roles=roles))
    return client


def wished(code: str = "T000", kind: str = "device") -> dict[str, str]:
    return {"domain": "school", "code": code, "kind": kind}


@pytest.fixture
def broker(mqtt_url: str, settings: Any) -> None:
    settings.MQTT_URL = mqtt_url


@pytest.mark.usefixtures("broker")
def test_a_password_is_shown_once_and_never_stored() -> None:
    school_streams(1)
    client = asking("school-operator")
    made = client.post(ADDRESS, wished())
    assert made.status_code == 201
    assert made.json()["username"] == "device.school.T000"
    assert made.json()["password"] not in str(client.get(ADDRESS).json())
    assert made.json()["password"] not in str(Device.objects.values().get())


@pytest.mark.usefixtures("broker")
def test_the_answer_says_where_and_under_which_topics() -> None:
    school_streams(1)
    client = asking("school-operator")
    made = client.post(ADDRESS, wished()).json()
    assert made["broker"].startswith("mqtt://127.0.0.1:")
    assert made["publish"] == ["v1/school/T000/telemetry", "v1/school/T000/status"]
    assert made["subscribe"] == ["v1/school/T000/#"]
    assert client.post(f"{ADDRESS}{made['id']}/rotate/").json()["publish"] == made["publish"]


@pytest.mark.parametrize("code", ["$SYS", "é", "a b", "a/b", "+", "#"])
def test_a_reader_has_a_plain_code(code: str) -> None:
    refused = asking("school-operator").post(ADDRESS, wished(code, "reader"))
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "code")
    assert not Device.objects.exists()


@pytest.mark.usefixtures("broker")
def test_a_new_password_differs_and_an_ended_account_gets_none() -> None:
    school_streams(1)
    client = asking("school-operator")
    made = client.post(ADDRESS, wished()).json()
    again = client.post(f"{ADDRESS}{made['id']}/rotate/")
    assert again.json()["password"] != made["password"]
    assert client.post(f"{ADDRESS}{made['id']}/end/").json()["active"] is False
    assert client.post(f"{ADDRESS}{made['id']}/rotate/").status_code == 409


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (wished("nowhere"), 400),
        (wished("a/b", "reader"), 400),
        (wished("#", "reader"), 400),
        (wished(kind="king"), 400),
        ({"domain": "school"}, 400),
    ],
)
def test_a_wish_that_does_not_fit_is_refused(body: dict[str, str], status: int) -> None:
    school_streams(1)
    assert asking("school-operator").post(ADDRESS, body).status_code == status
    assert not Device.objects.exists()


def test_only_a_role_that_may_upload_makes_accounts() -> None:
    school_streams(1)
    assert asking("school-viewer").post(ADDRESS, wished()).status_code == 403


def test_nothing_is_kept_when_the_broker_is_away(settings: Any) -> None:
    settings.MQTT_URL = UNREACHABLE
    school_streams(1)
    assert asking("school-operator").post(ADDRESS, wished()).status_code == 503
    assert not Device.objects.exists()


def test_the_portal_shows_who_is_online() -> None:
    school_streams(1)
    clerk = person("clerk", roles=["school-operator"])
    Device.objects.create(domain="school", code="T000", online=True, created_by=clerk)
    client = Client()
    client.force_login(clerk)
    page = client.get("/portal/sensing/device/")
    assert page.status_code == 200
    assert "T000" in page.content.decode()
