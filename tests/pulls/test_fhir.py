"""Measurements from a hospital system: pages, units, corrections, and no word about patients."""

from __future__ import annotations

import json
from typing import Any

import pytest

from apps.pulls.models import PullState, Source
from apps.sensing.models import Edit, Observation, QuarantinedRow
from tests.pulls.builders import pulled, source, values
from tests.pulls.servers import Site
from tests.sensing.builders import school_streams

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house", "streams")]
KEY = "school.T000.co2"
LOINC = "http://loinc.org"
MAPPING = {"devices": {"Device/m12": {f"{LOINC}|8867-4": KEY}, "Location/w1": {"temp": "school.T001.co2"}}}
NAME = "ZhangSanPatient"


@pytest.fixture
def streams() -> None:
    school_streams(2)


def observation(value: Any, minute: int, **changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "meta": {"lastUpdated": f"2026-11-02T12:{minute:02}:30Z"},
        "subject": {"reference": f"Patient/{NAME}", "display": NAME},
        "device": {"reference": "https://his.example/fhir/Device/m12"},
        "code": {"coding": [{"system": LOINC, "code": "8867-4"}]},
        "effectiveDateTime": f"2026-11-02T12:{minute:02}:00Z",
        "valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", "code": "[ppm]"},
    } | changes


def bundle(*resources: Any, following: str = "") -> tuple[int, dict[str, str], bytes]:
    links = [{"relation": "next", "url": following}] if following else []
    body = {"resourceType": "Bundle", "link": links, "entry": [{"resource": each} for each in resources]}
    return 200, {}, json.dumps(body).encode()


def test_pages_are_followed_and_only_what_is_new_is_asked_for(site: Site) -> None:
    site.pages["/fhir"] = bundle(observation(500, 0), following="/fhir?page=2")
    site.pages["/fhir?page=2"] = bundle(observation(510, 1))
    found = source("fhir", site.url("/fhir"), MAPPING)
    assert pulled(found).stored == 2
    assert values() == [(KEY, 500.0), (KEY, 510.0)]
    pulled(found)
    assert "_lastUpdated=ge2026-11-02T12" in site.asked[-1][0]


def test_instants_components_and_places_are_read(site: Site) -> None:
    parts = [{"code": {"coding": [{"code": "temp"}]}, "valueQuantity": {"value": 36}}]
    place = {
        "subject": {"reference": "Location/w1"},
        "device": None,
        "component": parts,
        "valueQuantity": None,
    }
    instant = {"effectiveDateTime": None, "effectiveInstant": "2026-11-02T12:05:00+08:00"}
    site.pages["/fhir"] = bundle(observation(0, 5, **place, **instant))
    assert pulled(source("fhir", site.url("/fhir"), MAPPING)).stored == 1
    assert values() == [("school.T001.co2", 36.0)]


def test_units_are_converted_and_others_quarantined(site: Site) -> None:
    tenth = {"valueQuantity": {"value": 0.06, "system": "http://unitsofmeasure.org", "code": "%"}}
    wrong = {"valueQuantity": {"value": 1, "system": "http://unitsofmeasure.org", "code": "kg"}}
    site.pages["/fhir"] = bundle(observation(0, 0, **tenth), observation(0, 1, **wrong))
    assert pulled(source("fhir", site.url("/fhir"), MAPPING)).quarantined == 1
    assert values() == [(KEY, pytest.approx(600.0))]


def test_a_correction_replaces_and_an_error_discards(site: Site) -> None:
    found = source("fhir", site.url("/fhir"), MAPPING)
    site.pages["/fhir"] = bundle(observation(500, 0), observation(510, 1))
    pulled(found)
    Source.objects.update(position={})
    site.pages["/fhir"] = bundle(
        observation(505, 0, status="amended"), observation(510, 1, status="entered-in-error")
    )
    for _turn in range(2):
        Source.objects.update(position={})
        pulled(found)
    rows = Observation.objects.order_by("phenomenon_time").values_list("result", "quality")
    assert list(rows) == [(505.0, 0), (510.0, 2)]
    assert Edit.objects.count() == 2


def test_no_word_about_a_patient_is_stored(site: Site) -> None:
    no_device = {"device": None}
    broken = {"effectiveDateTime": "yesterday"}
    site.pages["/fhir"] = bundle(
        observation(500, 0), observation(1, 1, **no_device), observation(2, 2, **broken)
    )
    run = pulled(source("fhir", site.url("/fhir"), MAPPING))
    assert (run.fetched, run.stored, run.quarantined) == (2, 1, 1)
    kept = json.dumps([row.row for row in QuarantinedRow.objects.all()]) + run.message
    assert NAME not in kept + json.dumps(Source.objects.get().position)


def test_a_next_page_on_another_host_does_not_get_the_secret(site: Site, monkeypatch: Any) -> None:
    monkeypatch.setenv("PULL_SECRET_SCHOOL_HIS", "word")
    site.pages["/fhir"] = bundle(observation(500, 0), following="https://evil.example/fhir")
    run = pulled(source("fhir", site.url("/fhir"), MAPPING, secret="his"))
    assert run.state == PullState.FAILED
    assert "another host" in run.message
    assert site.asked[0][1]["authorization"] == "Bearer word"


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b'{"resourceType":"Bundle","entry":7,"link":{"a":1}}', b"<x/>"]
)
def test_answers_of_any_form_never_stop_the_worker(site: Site, body: bytes) -> None:
    site.pages["/fhir"] = (200, {}, body)
    run = pulled(source("fhir", site.url("/fhir"), MAPPING))
    assert run.state in {PullState.FAILED, PullState.SUCCEEDED}


def test_hostile_resources_are_left_behind_or_quarantined(site: Site) -> None:
    odd = [
        None,
        7,
        observation({"a": 1}, 0),
        observation(1, 1, code=[]),
        observation(1, 2, device={"reference": 7}),
    ]
    site.pages["/fhir"] = bundle(*odd, observation(1, 3, component="x", meta=[]), observation(True, 4))
    assert pulled(source("fhir", site.url("/fhir"), MAPPING)).state == PullState.SUCCEEDED


def test_pages_beyond_the_limit_are_read_by_the_next_run_whatever_their_order(site: Site) -> None:
    """Newest first: what lies behind the limit is older than all that was read."""
    for page, minute in enumerate((9, 6, 3)):
        following = f"/fhir?page={page + 1}" if page < 2 else ""
        path = f"/fhir?page={page}" if page else "/fhir"
        site.pages[path] = bundle(observation(500 + minute, minute), following=following)
    found = source("fhir", site.url("/fhir"), {**MAPPING, "pages": 1})
    for _run in range(3):
        assert pulled(found).stored == 1
    assert [value for _key, value in values()] == [503.0, 506.0, 509.0]
    site.pages["/fhir?_lastUpdated=ge2026-11-02T12%3A09%3A30Z"] = bundle()
    assert pulled(found).state == PullState.SUCCEEDED


def test_a_page_that_the_server_has_forgotten_makes_the_next_run_begin_anew(site: Site) -> None:
    site.pages["/fhir"] = bundle(observation(500, 0), following="/fhir?page=1")
    found = source("fhir", site.url("/fhir"), {**MAPPING, "pages": 1})
    pulled(found)
    site.pages["/fhir"] = bundle(observation(501, 1))
    assert pulled(found).stored == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"comparator": "<"}, "comparator"),
        ({"comparator": ">=", "unit": "ppm"}, "comparator"),
        ({"system": None, "code": None, "unit": "degF"}, "uncoded"),
        ({"system": "urn:iso:std:iso:11073:10101", "code": "268192", "unit": "degC"}, "uncoded"),
        ({"system": None, "unit": None}, "uncoded"),
    ],
)
def test_a_limit_and_a_unit_without_its_code_are_no_readings(
    site: Site, change: dict[str, Any], code: str
) -> None:
    quantity = {"value": 5, "system": "http://unitsofmeasure.org", "code": "[ppm]"} | change
    given = {name: cell for name, cell in quantity.items() if cell is not None}
    resource = observation(5, 0, valueQuantity=given, status="amended")
    site.pages["/fhir"] = bundle(resource, observation(500, 1))
    run = pulled(source("fhir", site.url("/fhir"), MAPPING))
    assert (run.stored, run.quarantined) == (1, 1)
    row = QuarantinedRow.objects.get()
    assert (row.code, row.row["datastream"]) == (code, KEY)
    assert not Edit.objects.exists()


def test_a_value_that_the_source_put_right_is_a_correction_and_no_conflict(site: Site) -> None:
    site.pages["/fhir"] = bundle(observation(500, 0))
    found = source("fhir", site.url("/fhir"), MAPPING)
    pulled(found)
    site.pages["/fhir?_lastUpdated=ge2026-11-02T12%3A00%3A30Z"] = bundle(
        observation(505, 0, status="corrected", meta={"lastUpdated": "2026-11-02T20:05:00+08:00"})
    )
    run = pulled(found)
    assert (run.repeated, run.conflict, run.quarantined) == (1, 0, 0)
    assert values() == [(KEY, 505.0)]
    assert Source.objects.get().position == {"last_updated": "2026-11-02T20:05:00+08:00"}
