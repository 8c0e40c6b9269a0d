"""Rows in quarantine: mended, still wrong, dismissed; and what was known when, for programs."""

from __future__ import annotations

from datetime import timedelta

import pytest
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
