"""The officer's pages and the API: the whole way by HTTP, and who is kept out."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.domains.hospital.models import Patient
from apps.subjects.models import Incident, SubjectRequest
from tests.people import person
from tests.portal.builders import logged_in
from tests.subjects import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return logged_in(builders.officer())


def taken(client: Client, kind: str) -> SubjectRequest:
    """A request that went through the pages up to the confirmed rows."""
    facts = {"kind": kind, "asker": "self", "id_number": builders.NUMBER, "name": builders.NAME}
    client.post(reverse("admin:subject_receive"), facts)
    row = SubjectRequest.objects.get()
    step = reverse("admin:subject_step", args=[row.pk])
    client.post(step, {"step": "identity", "proof": "card"})
    client.post(step, {"step": "search"})
    client.post(step, {"step": "confirm", "chosen": [match.pk for match in row.matches.all()]})
    row.refresh_from_db()
    return row


def test_a_deletion_goes_its_whole_way_on_the_pages(client: Client) -> None:
    builders.patient()
    row = taken(client, "delete")
    url, step = reverse("admin:subject_request", args=[row.pk]), reverse("admin:subject_step", args=[row.pk])
    assert builders.NAME in client.get(url).content.decode()
    assert client.post(step, {"step": "erase"}).status_code == 403  # the second person is missing
    second = logged_in(builders.officer("second"))
    shown = second.post(step, {"step": "erase"}, follow=True).content.decode()
    assert not Patient.objects.exists()
    assert builders.NAME not in shown


def test_a_copy_is_downloaded_and_kept_by_no_cache(client: Client) -> None:
    builders.patient()
    row = taken(client, "export")
    answer = client.post(reverse("admin:subject_file", args=[row.pk]), {"encoding": "gb18030"})
    assert "no-store" in answer["Cache-Control"]
    assert "hospital.Patient.csv" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()


def test_only_officers_open_the_pages_and_the_api() -> None:
    operator = logged_in(person("operator", roles=["city-operator", "city-approver"]))
    pages = [reverse("admin:subject_requests"), reverse("admin:incidents")]
    for url in [*pages, "/api/v1/subjects/requests/", "/api/v1/subjects/incidents/"]:
        assert operator.get(url).status_code == 403, url


def test_the_security_office_opens_incidents_and_no_subject_request() -> None:
    office = logged_in(person("security", office="security"))
    assert office.get(reverse("admin:incidents")).status_code == 200
    assert office.get(reverse("admin:subject_requests")).status_code == 403
    facts = {"title": "Stick lost", "breach": "leak", "found_at": "2026-11-02T08:00"}
    shown = office.post(reverse("admin:incident_new"), facts, follow=True)
    assert shown.status_code == 200
    assert Incident.objects.get().title in shown.content.decode()


def test_the_whole_way_by_the_api(client: Client) -> None:
    builders.patient()
    told = {
        "kind": "correct",
        "name": builders.NAME,
        "id_number": builders.NUMBER,
        "changes": {"phone": "137"},
    }
    row = posted(client, "", told, 201)
    assert row["masked"]["name"]  # no purpose was stated, so what comes back is masked
    posted(client, f"{row['id']}/identity/", {"proof": "login"})
    posted(client, f"{row['id']}/search/", {})
    matches = SubjectRequest.objects.get().matches.values_list("pk", flat=True)
    posted(client, f"{row['id']}/confirm/", {"chosen": list(matches)})
    posted(client, f"{row['id']}/correct/", {}, 403)
    posted(logged_in(builders.officer("second")), f"{row['id']}/correct/", {})
    assert Patient.objects.get().phone == "137"


def posted(client: Client, path: str, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
    answer = client.post(f"/api/v1/subjects/requests/{path}", body, content_type="application/json")
    assert answer.status_code == status, answer.content
    return dict(answer.json())


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": "burn", "asker": "self", "name": "x"},
        {"kind": "find", "asker": "self", "birth_date": "1990-13-01", "name": "x"},
        {"kind": "find", "asker": "self"},
        {"kind": "correct", "asker": "self", "name": "x", "change": "hospital.Patient.id", "value": "1"},
    ],
)
def test_a_form_that_makes_no_sense_is_refused_with_the_reason(client: Client, facts: dict[str, str]) -> None:
    answer = client.post(reverse("admin:subject_receive"), facts, follow=True)
    assert answer.status_code == 200
    assert not SubjectRequest.objects.exists()
