"""A clerk drafts a cleaning rule by a form, tries it on the last week and puts it in force."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.sensing.data import Batch
from apps.sensing.models import CleaningRule, Datastream
from apps.sensing.services import readings_store
from tests.people import person
from tests.sensing.builders import school_streams

pytestmark = pytest.mark.django_db
ADD, LIST = (reverse(f"admin:sensing_cleaningrule_{name}") for name in ("add", "changelist"))


@pytest.fixture
def stream() -> Datastream:
    """Three readings of yesterday."""
    found = school_streams(1)[0]
    start = int((timezone.now() - timedelta(days=1)).timestamp()) * 1_000_000
    moments = start + np.arange(3) * 60_000_000
    readings_store(batch=Batch(np.full(3, found.pk), moments, np.array([500.0, 900, 510])))
    return found


@pytest.fixture
def clerk() -> Client:
    opened = Client(headers={"accept-language": "en"})
    opened.force_login(person("clerk", roles=["school-operator"]))
    return opened


def acted(clerk: Client, name: str, rule: CleaningRule) -> str:
    """The page after an action on a rule."""
    chosen = {"action": name, "_selected_action": [rule.pk]}
    return clerk.post(LIST, chosen, follow=True).content.decode()


def test_a_rule_is_drafted_tried_and_put_in_force(clerk: Client, stream: Datastream) -> None:
    assert clerk.get(ADD).status_code == 200
    answer = clerk.post(ADD, {"scope": "school/co2", "high": "600"})
    assert answer.status_code == 302, answer.context["errors"]
    rule = CleaningRule.objects.get()
    assert (rule.domain, rule.kind, rule.limits) == ("school", "co2", {"high": 600.0})
    page = acted(clerk, "try_out", rule)
    assert "900" in page
    assert stream.key in page
    acted(clerk, "publish", rule)
    rule.refresh_from_db()
    assert (rule.state, (rule.trial or {})["flagged"]) == ("live", 1)
    acted(clerk, "retire", rule)
    assert CleaningRule.objects.get().state == "retired"
    assert clerk.get(reverse("admin:sensing_cleaningrule_change", args=[rule.pk])).status_code == 200


def test_a_rule_for_one_datastream_needs_no_kind(clerk: Client, stream: Datastream) -> None:
    clerk.post(ADD, {"datastream": str(stream.pk), "spike": "6", "mend": "on"})
    rule = CleaningRule.objects.get()
    assert (rule.datastream_id, rule.limits) == (stream.pk, {"spike": 6.0, "mend": 1.0})


@pytest.mark.parametrize(
    ("filled", "field"),
    [({"high": "600"}, "scope"), ({"scope": "school/co2", "spike": "-1"}, "spike"), ({}, "scope")],
)
def test_what_the_service_refuses_is_said_beside_its_field(
    clerk: Client, filled: dict[str, str], field: str
) -> None:
    answer = clerk.post(ADD, filled)
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors


def test_who_may_not_upload_finds_no_form_and_tries_nothing(stream: Datastream, clerk: Client) -> None:
    clerk.post(ADD, {"scope": "school/co2", "high": "600"})
    looker = Client()
    looker.force_login(person("looker", roles=["school-viewer"]))
    assert looker.get(ADD).status_code == 403
    assert looker.get(LIST).status_code == 200
    acted(looker, "publish", CleaningRule.objects.get())
    assert CleaningRule.objects.get().state == "draft"
