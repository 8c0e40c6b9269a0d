"""Cleaning rules as data: drafted, tried on the last week, in force at every door, retired."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from rest_framework.test import APIClient

from apps.accounts.data import Viewer
from apps.accounts.selectors import viewer_for
from apps.core.errors import ProblemError
from apps.sensing.cleaning.rules import rules_of
from apps.sensing.data import Flag, Quality
from apps.sensing.models import CleaningRule, Datastream, Observation
from apps.sensing.services import readings_store, rows_store
from apps.sensing.services.rules import RuleWish, rule_draft, rule_publish, rule_retire
from apps.sensing.services.storing import streams_fresh
from apps.sensing.services.trials import RuleTrial, rule_trial
from tests.people import person
from tests.sensing.builders import NOON, batch, school_streams, stream_table

pytestmark = pytest.mark.django_db
CALM = [500.0, 502.0, 498.0, 501.0, 500.0, 499.0, 503.0]
UNTIL = NOON + timedelta(days=1)
URL = "/api/v1/sensing/cleaning-rules/"


@pytest.fixture
def stream() -> Datastream:
    return school_streams(1)[0]


@pytest.fixture
def operator() -> Viewer:
    return viewer_for(person("operator", roles=["school-operator"]))


def drafted(viewer: Viewer, stream: Datastream | None = None, **limits: Any) -> CleaningRule:
    return rule_draft(RuleWish(domain="school", kind="co2", datastream=stream, limits=limits), viewer=viewer)


def stored(stream: Datastream, results: list[float], *, start: float = 0) -> list[int]:
    """The flags of readings a minute apart, as a door that has just read its rules stores them."""
    streams_fresh()
    seconds = [start + 60 * number for number in range(len(results))]
    readings_store(batch=batch([stream.pk] * len(results), seconds, results))
    rows = Observation.objects.filter(phenomenon_time__gte=NOON + timedelta(seconds=start))
    return list(rows.order_by("phenomenon_time").values_list("flags", flat=True))


def high_of(stream: Datastream) -> float:
    return float(rules_of(stream_table().limits_of(np.array([stream.pk]))).high[0])


def test_a_rule_of_a_stream_beats_the_rule_of_its_kind_and_that_the_datastream(
    stream: Datastream, operator: Viewer
) -> None:
    found = [high_of(stream)]
    for scope, high in ((None, 900), (stream, 800)):
        rule_publish(drafted(operator, scope, high=high), viewer=operator)
        found.append(high_of(stream))
    assert found == [stream.high, 900, 800]


def test_a_draft_changes_nothing(stream: Datastream, operator: Viewer) -> None:
    drafted(operator, high=600)
    assert high_of(stream) == stream.high


def test_a_retired_rule_gives_way_to_what_is_declared(stream: Datastream, operator: Viewer) -> None:
    rule = rule_publish(drafted(operator, high=600), viewer=operator)
    rule_retire(rule, viewer=operator)
    assert high_of(stream) == stream.high


def test_a_new_version_takes_the_place_of_the_old_one(stream: Datastream, operator: Viewer) -> None:
    first = rule_publish(drafted(operator, high=600), viewer=operator)
    second = rule_publish(drafted(operator, high=700), viewer=operator)
    first.refresh_from_db()
    assert (first.state, second.state, second.version) == ("retired", "live", 2)
    assert high_of(stream) == 700
    with pytest.raises(ProblemError):
        rule_publish(first, viewer=operator)


def test_a_limit_of_none_is_taken_away(stream: Datastream, operator: Viewer) -> None:
    rule_publish(drafted(operator, high=None), viewer=operator)
    assert np.isnan(high_of(stream))


def test_a_spike_is_corrected_on_its_way_in_and_kept_as_it_came(stream: Datastream, operator: Viewer) -> None:
    rule_publish(drafted(operator, spike=6, mend=True, max_step=None), viewer=operator)
    assert stored(stream, [*CALM, 900])[-1] == Flag.SPIKE | Flag.CORRECTED
    last = Observation.objects.latest("phenomenon_time")
    assert (last.result, last.raw, last.quality) == (500, 900, Quality.GOOD)


def test_neighbours_are_compared_when_a_rule_says_so(operator: Viewer) -> None:
    streams = school_streams(6)
    rule_publish(drafted(operator, peers=6), viewer=operator)
    streams_fresh()
    ids = [stream.pk for stream in streams]
    readings_store(batch=batch(ids, [0] * 6, [500, 501, 499, 502, 498, 900]))
    flags = dict(Observation.objects.values_list("datastream_id", "flags"))
    assert [flags[pk] & Flag.CROSS for pk in ids] == [0, 0, 0, 0, 0, Flag.CROSS]


def tried(rule: CleaningRule, viewer: Viewer) -> RuleTrial:
    return rule_trial(rule, viewer=viewer, until=UNTIL)


def test_a_trial_says_what_would_have_been_flagged_and_what_is_now(
    stream: Datastream, operator: Viewer
) -> None:
    stored(stream, [500, 700, 510, 720, 99_999])
    found = tried(drafted(operator, high=600, max_step=None), operator)
    assert (found.values, found.streams, found.covered) == (5, 1, 1)
    assert (found.would["RANGE"], found.now["RANGE"]) == (3, 1)
    assert found.now["STEP"] > found.would["STEP"] == 0
    assert {example.result for example in found.examples} >= {700, 720}


def test_a_trial_judges_what_came_and_not_what_it_was_corrected_to(
    stream: Datastream, operator: Viewer
) -> None:
    rule_publish(drafted(operator, spike=6, mend=True, max_step=None), viewer=operator)
    stored(stream, [*CALM, 900])
    found = tried(drafted(operator, spike=6, max_step=None), operator)
    assert (found.would["SPIKE"], found.now["SPIKE"]) == (1, 1)


def test_a_trial_changes_nothing_but_leaves_its_counts(stream: Datastream, operator: Viewer) -> None:
    before = stored(stream, [500, 700])
    rule = drafted(operator, high=600)
    tried(rule, operator)
    rule.refresh_from_db()
    assert rule.trial is not None
    assert (rule.trial["would"]["RANGE"], rule.state) == (1, "draft")
    assert "examples" not in rule.trial
    assert list(Observation.objects.order_by("phenomenon_time").values_list("flags", flat=True)) == before


@pytest.mark.parametrize(
    ("limits", "field"),
    [
        ({}, "limits"),
        ({"colour": 1}, "limits"),
        ({"low": 9, "high": 3}, "low"),
        ({"spike": 0}, "spike"),
        ({"spike": "much"}, "spike"),
        ({"high": float("nan")}, "high"),
        ({"high": 10**400}, "high"),
        ({"window": 8}, "window"),
        ({"window": 99}, "window"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused_by_its_name(
    operator: Viewer, limits: dict[str, Any], field: str
) -> None:
    with pytest.raises(ProblemError) as refused:
        drafted(operator, **limits)
    assert refused.value.field == field


def test_who_drafts_may_not_always_put_in_force(stream: Datastream) -> None:
    analyst = viewer_for(person("analyst", roles=["school-analyst"]))
    rule = drafted(analyst, high=600)
    assert tried(rule, analyst).values == 0
    with pytest.raises(ProblemError) as refused:
        rule_publish(rule, viewer=analyst)
    assert refused.value.status == 403


def api(role: str) -> APIClient:
    client = APIClient()
    client.force_login(person(role, roles=[role]))
    return client


def test_a_program_drafts_tries_publishes_and_retires(stream: Datastream) -> None:
    client = api("school-operator")
    wish = {"datastream": stream.pk, "limits": {"spike": 6, "mend": True}}
    made = client.post(URL, wish, format="json")
    assert (made.status_code, made.json()["limits"]) == (201, {"spike": 6.0, "mend": 1.0})
    own = f"{URL}{made.json()['id']}/"
    assert client.post(f"{own}trial/", {"days": 3}, format="json").json()["would"]["SPIKE"] == 0
    assert client.post(f"{own}publish/").json()["state"] == "live"
    assert client.post(f"{own}publish/").status_code == 409
    assert client.post(f"{own}retire/").json()["state"] == "retired"
    assert client.get(URL).json()["results"][0]["version"] == 1


def test_rules_of_another_domain_are_neither_seen_nor_made(stream: Datastream, operator: Viewer) -> None:
    rule, stranger = drafted(operator, high=600), api("farm-operator")
    assert stranger.get(URL).json()["results"] == []
    assert stranger.post(f"{URL}{rule.pk}/publish/").status_code == 404
    wishes: list[dict[str, Any]] = [{"datastream": stream.pk}, {"domain": "school", "kind": "co2"}]
    answers = [stranger.post(URL, {**wish, "limits": {"high": 1}}, format="json") for wish in wishes]
    assert [answer.status_code for answer in answers] == [400, 403]


@pytest.mark.parametrize("body", [[], {"limits": 5}, {"limits": {}, "days": "x"}, {"limits": {"low": [1]}}])
def test_bent_wishes_are_refused_with_a_reason(body: Any) -> None:
    assert api("school-operator").post(URL, body, format="json").status_code in {400, 403}


def test_a_value_that_came_in_another_unit_is_marked_and_stays_good() -> None:
    stream = school_streams(1, kind="temperature")[0]
    streams_fresh()
    rows = [
        {"datastream": stream.key, "phenomenonTime": NOON.isoformat(), "result": 68, "unit": "[degF]"},
        {
            "datastream": stream.key,
            "phenomenonTime": (NOON + timedelta(minutes=1)).isoformat(),
            "result": 20,
            "unit": stream.unit,
        },
    ]
    assert rows_store(rows, domain="school", door="test").stored == 2
    first, second = Observation.objects.order_by("phenomenon_time")
    assert (round(first.result or 0, 6), first.flags, first.quality) == (20, Flag.CONVERTED, Quality.GOOD)
    assert second.flags == 0
