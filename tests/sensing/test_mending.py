"""Rows in quarantine: mended, still wrong, dismissed; and what was known when, for programs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from apps.sensing.models import Observation, QuarantinedRow
from apps.sensing.services import rows_store
from tests.people import person
from tests.sensing.builders import NOON, school_streams

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> APIClient:
    opened = APIClient()
    opened.force_authenticate(person("clerk", roles=["school-operator"]))
    return opened


@pytest.fixture
def bad_row() -> QuarantinedRow:
    """A row whose result is no number."""
    stream = school_streams(1)[0]
    row = {"datastream": stream.key, "phenomenonTime": NOON.isoformat(), "result": "a lot"}
    assert len(rows_store([row], domain="school", door="pull").faults) == 1
    return QuarantinedRow.objects.get()


def act(client: APIClient, row: QuarantinedRow, name: str, **changes: object) -> dict[str, object]:
    path = f"/api/v1/sensing/quarantine/{row.pk}/{name}/"
    found: dict[str, object] = client.post(path, {"changes": changes}, format="json").json()
    return found


def test_a_mended_row_is_stored(client: APIClient, bad_row: QuarantinedRow) -> None:
    assert act(client, bad_row, "mend", result=612)["state"] == "mended"
    assert Observation.objects.get().result == 612
    assert act(client, bad_row, "mend", result=613)["status"] == 409


def test_a_row_that_is_still_wrong_stays_with_its_new_reason(
    client: APIClient, bad_row: QuarantinedRow
) -> None:
    answer = act(client, bad_row, "mend", result=612, phenomenonTime="noon")
    assert (answer["state"], answer["field"]) == ("open", "phenomenonTime")
    assert not Observation.objects.exists()


def test_a_dismissed_row_is_kept(client: APIClient, bad_row: QuarantinedRow) -> None:
    assert act(client, bad_row, "dismiss")["state"] == "dismissed"
    assert QuarantinedRow.objects.get().row


def test_who_may_not_upload_may_not_mend(bad_row: QuarantinedRow) -> None:
    viewer = APIClient()
    viewer.force_authenticate(person("looker", roles=["school-viewer"]))
    assert act(viewer, bad_row, "mend", result=1)["status"] == 403


def test_a_correction_by_a_program_can_be_undone_and_asked_for_as_of_before(client: APIClient) -> None:
    stream = school_streams(1)[0]
    rows_store(
        [{"datastream": stream.key, "phenomenonTime": NOON.isoformat(), "result": 500}],
        domain="school",
        door="pull",
    )
    before = timezone.now()
    body = {
        "datastream": stream.pk,
        "start": NOON,
        "end": NOON,
        "operation": "set",
        "value": 700,
        "reason": "typo",
    }
    made = client.post("/api/v1/sensing/corrections/", body, format="json")
    assert made.status_code == 201
    span = {"start": (NOON - timedelta(hours=1)).isoformat(), "end": (NOON + timedelta(hours=1)).isoformat()}
    path = f"/api/v1/sensing/series/{stream.pk}/"
    for bucket in ("raw", "hour"):
        asked = {**span, "bucket": bucket, "known_at": before.isoformat()}
        assert client.get(path, asked).json()["values"] == [500]
    assert client.get(path, span).json()["values"] == [700]
    client.post(f"/api/v1/sensing/corrections/{made.json()['id']}/undo/")
    assert client.get(path, span).json()["values"] == [500]


def test_many_rows_are_taken_again_once_their_stream_is_registered(client: APIClient) -> None:
    school_streams(1)
    rows = [
        {"datastream": "school.T001.co2", "phenomenonTime": 1_790_000_000_000 + n * 1000, "result": 500 + n}
        for n in range(3)
    ]
    rows_store([*rows, {**rows[0], "result": "much"}, "no row"], domain="school", door="pull")
    school_streams(2)
    numbers = list(QuarantinedRow.objects.values_list("pk", flat=True))
    path = "/api/v1/sensing/quarantine/replay/"
    assert client.post(path, {"rows": numbers}, format="json").json() == {"mended": 3, "still_open": 2}
    assert Observation.objects.count() == 3
    assert set(QuarantinedRow.objects.filter(state="open").values_list("field", flat=True)) == {
        "result",
        "row",
    }
    assert client.post(path, {"rows": numbers}, format="json").json() == {"mended": 0, "still_open": 2}


def test_a_clerk_takes_rows_again_and_dismisses_them_in_the_portal(bad_row: QuarantinedRow) -> None:
    browser = Client()
    browser.force_login(person("clerk", roles=["school-operator"]))
    path = reverse("admin:sensing_quarantinedrow_changelist")
    for name, state in (("take_again", "open"), ("dismiss", "dismissed")):
        asked = {"action": name, "_selected_action": [bad_row.pk]}
        assert browser.post(path, asked, follow=True).status_code == 200
        bad_row.refresh_from_db()
        assert bad_row.state == state


def test_observations_are_listed_as_they_were_known(client: APIClient) -> None:
    stream = school_streams(1)[0]
    row = {"datastream": stream.key, "phenomenonTime": NOON.isoformat(), "result": 500}
    rows_store([row], domain="school", door="pull")
    asked = {"datastream": stream.pk, "start": NOON.isoformat(), "end": (NOON + timedelta(1)).isoformat()}
    path, early = "/api/v1/sensing/observations/", timezone.now() - timedelta(hours=1)
    results = {
        moment: [
            found["result"] for found in client.get(path, {**asked, "known_at": moment}).json()["results"]
        ]
        for moment in (early.isoformat(), timezone.now().isoformat())
    }
    assert list(results.values()) == [[], [500]]
    assert client.get(path, {**asked, "known_at": "noon"}).status_code == 400
