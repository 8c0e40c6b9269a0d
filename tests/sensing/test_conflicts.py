"""A different value for a known moment: counted, shown beside the stored one, made a correction."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from rest_framework.test import APIClient

from apps.sensing.data import Batch, Stored
from apps.sensing.ingest import announcing
from apps.sensing.models import Edit, LatestValue, Observation, QuarantinedRow
from apps.sensing.services import readings_store, rows_store
from tests.people import person
from tests.sensing.builders import NOON, NOON_US, SECOND, batch, school_streams

pytestmark = pytest.mark.django_db
KEY = "school.T000.co2"


@pytest.fixture
def stream() -> int:
    return school_streams(1)[0].pk


def sent(*results: Any, minute: int = 0, **more: Any) -> Stored:
    """Readings for one moment after noon, one after another in one body."""
    at = (NOON + timedelta(minutes=minute)).isoformat()
    rows = [{"datastream": KEY, "phenomenonTime": at, "result": result, **more} for result in results]
    return rows_store(rows, domain="school", door="http")


def counts(stored: Stored) -> tuple[int, int, int, int]:
    return stored.stored, stored.repeated, len(stored.conflicts), len(stored.faults)


@pytest.mark.usefixtures("stream")
def test_another_value_is_a_conflict_and_the_stored_one_stays() -> None:
    assert counts(sent(500)) == (1, 0, 0, 0)
    assert counts(sent(500)) == (0, 1, 0, 0)
    assert counts(sent(612.5)) == (0, 0, 1, 0)
    assert Observation.objects.get().result == 500
    row = QuarantinedRow.objects.get()
    assert (row.code, row.field, row.door, row.domain) == ("conflict", "result", "http", "school")
    assert (row.row["result"], row.row["stored"], row.row["datastream"]) == (612.5, 500, KEY)


@pytest.mark.usefixtures("stream")
def test_two_values_for_one_moment_in_one_body_are_a_conflict() -> None:
    assert counts(sent(500, 500, 700)) == (1, 1, 1, 0)
    assert counts(sent(700, 500, 500)) == (0, 2, 1, 0)
    assert QuarantinedRow.objects.count() == 1, "the same conflict is shown once while it is open"


@pytest.mark.usefixtures("stream")
def test_the_same_value_in_another_unit_is_a_repeat() -> None:
    sent(0.1 + 0.2)
    assert counts(sent(0.3)) == (0, 1, 0, 0)
    assert counts(sent(3e-5, unit="%")) == (0, 1, 0, 0)


def test_a_corrected_reading_knows_both_its_values(stream: int) -> None:
    clerk = APIClient()
    clerk.force_authenticate(person("clerk", roles=["school-operator"]))
    sent(500)
    body = {
        "datastream": stream,
        "start": NOON,
        "end": NOON,
        "operation": "set",
        "value": 612,
        "reason": "typo",
    }
    assert clerk.post("/api/v1/sensing/corrections/", body, format="json").status_code == 201
    assert [counts(sent(value))[1:3] for value in (500, 612, 700)] == [(1, 0), (1, 0), (0, 1)]


@pytest.mark.usefixtures("stream")
def test_a_conflict_becomes_the_correction() -> None:
    sent(500)
    sent(612.5)
    row = QuarantinedRow.objects.get()
    clerk, looker = APIClient(), APIClient()
    clerk.force_authenticate(person("clerk", roles=["school-operator"]))
    looker.force_authenticate(person("looker", roles=["school-viewer"]))
    path = f"/api/v1/sensing/quarantine/{row.pk}/correct/"
    assert looker.post(path, {"reason": "x"}, format="json").status_code in {403, 404}
    assert clerk.post(path, {}, format="json").status_code == 400
    assert clerk.post(path, {"reason": "checked by the station"}, format="json").json()["state"] == "mended"
    reading = Observation.objects.get()
    assert (reading.result, reading.raw, Edit.objects.get().reason) == (612.5, 500, "checked by the station")
    assert clerk.post(path, {"reason": "again"}, format="json").status_code == 409
    assert counts(sent(612.5)) == (0, 1, 0, 0)


@pytest.mark.usefixtures("stream")
def test_a_clerk_corrects_in_the_portal_and_taking_again_leaves_a_conflict_open() -> None:
    sent(500)
    sent(612.5)
    browser = Client()
    browser.force_login(person("clerk", roles=["school-operator"]))
    row = QuarantinedRow.objects.get()
    path = reverse("admin:sensing_quarantinedrow_changelist")
    for name, state, value in (("take_again", "open", 500), ("correct", "mended", 612.5)):
        browser.post(path, {"action": name, "_selected_action": [row.pk]}, follow=True)
        row.refresh_from_db()
        assert (row.state, Observation.objects.get().result) == (state, value)


@pytest.mark.usefixtures("stream")
def test_only_a_conflict_can_become_a_correction() -> None:
    sent("much")
    clerk = APIClient()
    clerk.force_authenticate(person("clerk", roles=["school-operator"]))
    path = f"/api/v1/sensing/quarantine/{QuarantinedRow.objects.get().pk}/correct/"
    assert clerk.post(path, {"reason": "x"}, format="json").status_code == 409


def test_what_was_not_stored_does_not_go_live_and_changes_no_latest_value(
    stream: int, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    published: list[bytes] = []

    class Line:
        def publish(self, _channel: str, body: bytes) -> None:
            published.append(body)

    monkeypatch.setattr(announcing, "redis_client", Line)
    for rows in ([(0, 500)], [(0, 999)], [(0, 500)]):
        with django_capture_on_commit_callbacks(execute=True):
            readings_store(batch=batch([stream] * len(rows), *map(list, zip(*rows, strict=True))))
    assert len(published) == 1
    with django_capture_on_commit_callbacks(execute=True):
        readings_store(batch=batch([stream] * 3, [0, 0, 60], [999, 500, 510]))
    assert len(published) == 2
    assert msgspec.msgpack.decode(published[-1])["v"] == [510]
    assert LatestValue.objects.get().result == 510


def test_a_conflict_teaches_the_rules_nothing(stream: int, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        readings_store(batch=batch([stream] * 2, [0, 60], [500, 505]))
    with django_capture_on_commit_callbacks(execute=True):
        readings_store(batch=batch([stream], [60], [4000]))
    with django_capture_on_commit_callbacks(execute=True):
        readings_store(batch=batch([stream], [120], [510]))
    assert list(Observation.objects.order_by("phenomenon_time").values_list("flags", flat=True)) == [0, 0, 0]


def test_a_stored_gap_is_no_conflict_with_itself(stream: int) -> None:
    gap = Batch(np.array([stream]), np.array([NOON_US + SECOND]), np.array([np.nan]))
    assert [counts(readings_store(batch=gap))[:3] for _turn in range(2)] == [(1, 0, 0), (0, 1, 0)]


@pytest.mark.usefixtures("stream")
@pytest.mark.parametrize(("writes", "reads"), [("zh-hans", "en"), ("en", "zh-hans")])
def test_a_reason_of_quarantine_is_read_in_the_language_of_the_reader(writes: str, reads: str) -> None:
    with override(writes):
        sent(500)
        sent(612.5, "much", minute=0)
        sent(5, minute=1, unit="K")
    with override(reads):
        reasons = [row.reason for row in QuarantinedRow.objects.order_by("pk")]
    assert len(reasons) == 3
    assert [reason.isascii() for reason in reasons] == [reads == "en"] * 3, reasons
