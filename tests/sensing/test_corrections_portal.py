"""A clerk corrects readings by a form of the portal and undoes the correction."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime

from apps.sensing.models import Datastream, Edit, Observation
from apps.sensing.services import readings_store
from tests.people import person
from tests.sensing.builders import NOON, batch, school_streams

pytestmark = pytest.mark.django_db
ADD, LIST = (reverse(f"admin:sensing_edit_{name}") for name in ("add", "changelist"))


@pytest.fixture
def stream() -> Datastream:
    found = school_streams(1)[0]
    readings_store(batch=batch([found.pk] * 2, [0, 60], [500, 900]))
    return found


@pytest.fixture
def clerk() -> Client:
    opened = Client()
    opened.force_login(person("clerk", roles=["school-operator"]))
    return opened


def filled(stream: Datastream, **more: str) -> dict[str, str]:
    """The form for the second reading."""
    moments = dict.fromkeys(("start", "end"), localtime(NOON + timedelta(seconds=60)))
    parts = {
        f"{name}_{part}": f"{moment:{form}}"
        for name, moment in moments.items()
        for part, form in enumerate(("%Y-%m-%d", "%H:%M:%S"))
    }
    return {
        "datastream": str(stream.pk),
        "operation": "set",
        "value": "520",
        "reason": "typo",
        **parts,
        **more,
    }


def results() -> list[float | None]:
    return list(Observation.objects.order_by("pk").values_list("result", flat=True))


def test_a_correction_is_made_by_a_form_and_undone_by_an_action(clerk: Client, stream: Datastream) -> None:
    assert clerk.get(ADD).status_code == 200
    answer = clerk.post(ADD, filled(stream))
    assert answer.status_code == 302, answer.context["errors"]
    assert results() == [500, 520]
    edit = Edit.objects.get()
    assert clerk.get(reverse("admin:sensing_edit_change", args=[edit.pk])).status_code == 200
    clerk.post(LIST, {"action": "undo", "_selected_action": [edit.pk]})
    assert results() == [500, 900]


def test_what_the_service_refuses_is_said_beside_its_field(clerk: Client, stream: Datastream) -> None:
    answer = clerk.post(ADD, filled(stream, value=""))
    assert answer.status_code == 200
    assert "value" in answer.context["adminform"].form.errors
    assert results() == [500, 900]


def test_who_may_not_upload_finds_no_form(stream: Datastream) -> None:
    looker = Client()
    looker.force_login(person("looker", roles=["school-viewer"]))
    assert looker.get(ADD).status_code == 403
    assert looker.get(LIST).status_code == 200
