"""JSON and table files over HTTP: what is asked, what is stored, what the log says."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from apps.pulls.models import PullRun, PullState, Source
from apps.pulls.services import source_pull, sources_due
from apps.sensing.models import Datastream, QuarantinedRow
from tests.pulls.builders import pulled, source, values
from tests.pulls.servers import Site
from tests.sensing.builders import school_streams

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house", "streams")]
KEY = "school.T000.co2"
LONG = {"rows": "data.items", "time": "ts", "datastream": "sensor.id", "result": "v", "keys": {"s1": KEY}}
ITEMS = [
    {"ts": "2026-11-02T20:00:00", "sensor": {"id": "s1"}, "v": "500"},
    {"ts": "2026-11-02T20:01:00+08:00", "sensor": {"id": "s1"}, "v": 510},
    {"ts": "2026-11-02T20:02:00", "sensor": {"id": "s1"}, "v": "broken"},
]


@pytest.fixture
def streams() -> None:
    school_streams(2)


def answer(items: Any, **headers: str) -> tuple[int, dict[str, str], bytes]:
    return 200, headers, json.dumps({"data": {"items": items}}).encode()


def test_items_become_readings_and_what_is_none_goes_to_quarantine(site: Site) -> None:
    site.pages["/feed"] = answer(ITEMS)
    run = pulled(source("http_json", site.url("/feed"), LONG))
    assert (run.state, run.fetched, run.stored, run.quarantined) == ("succeeded", 3, 2, 1)
    assert values() == [(KEY, 500.0), (KEY, 510.0)]
    assert QuarantinedRow.objects.get().door == "pull"
    assert pulled(Source.objects.get()).repeated == 2


def test_wide_items_and_unix_seconds_are_mapped_by_path(site: Site) -> None:
    mapping = {"time": "t", "datastream": "id", "time_unit": "s", "values": {"gas.co2": "school.{id}.co2"}}
    rows = [
        {"t": 1_790_000_000, "id": "T000", "gas": {"co2": 600}},
        {"t": 1_790_000_060, "id": "T001", "gas": {}},
    ]
    site.pages["/feed"] = (200, {}, json.dumps(rows).encode())
    assert pulled(source("http_json", site.url("/feed"), mapping)).stored == 1
    assert values() == [(KEY, 600.0)]


def test_only_what_changed_is_asked_for(site: Site) -> None:
    def page(headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        return (304, {}, b"") if headers.get("if-none-match") == '"7"' else answer(ITEMS[:1], ETag='"7"')

    site.pages["/feed"] = page
    found = source("http_json", site.url("/feed"), LONG)
    assert [pulled(found).state, pulled(found).state] == [PullState.SUCCEEDED, PullState.UNCHANGED]


def test_a_secret_is_read_where_the_administrator_laid_it(site: Site, tmp_path: Path, settings: Any) -> None:
    settings.PULL_SECRETS_DIR = str(tmp_path)
    (tmp_path / "school").mkdir()
    (tmp_path / "school" / "feed").write_text("word\n")
    site.pages["/feed"] = answer(ITEMS[:1])
    pulled(source("http_json", site.url("/feed"), {**LONG, "auth": "header:X-Api-Key"}, secret="feed"))
    assert site.asked[0][1]["x-api-key"] == "word"
    run = pulled(source("http_json", site.url("/feed"), LONG, secret="other", name="b"))
    assert "has not been set" in run.message


def test_a_csv_file_is_read_as_an_upload_is(site: Site) -> None:
    body = f"时间,编号,读数\n2026-11-02 20:00:00,{KEY},500\n".encode("gb18030")
    site.pages["/a.csv"] = (200, {}, body)
    mapping = {"time": "时间", "datastream": "编号", "result": "读数"}
    assert pulled(source("http_csv", site.url("/a.csv"), mapping)).stored == 1
    assert "columns" in pulled(source("http_csv", site.url("/a.csv"), {"time": "x"}, name="b")).message


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ((401, {}, b""), "secret"),
        ((404, {}, b""), "nothing at this address"),
        ((429, {}, b""), "less often"),
        ((500, {}, b""), "error 500"),
        ((200, {}, b"<html>"), "not JSON"),
        ((200, {}, b"[" * 100_000), "not JSON"),
        ((200, {}, b'{"data": 7}'), "no list at data.items"),
        ((200, {}, b"\xff\xfe"), "not JSON"),
        ((302, {"Location": "http://10.1.2.3/"}, b""), "may not be called"),
    ],
)
def test_a_failure_is_told_in_words(site: Site, page: Any, words: str) -> None:
    site.pages["/feed"] = page
    run = pulled(source("http_json", site.url("/feed"), LONG))
    assert run.state == PullState.FAILED
    assert words in run.message


def test_items_of_any_form_never_stop_the_worker(site: Site) -> None:
    hostile = [
        None,
        7,
        "x",
        [],
        {"ts": {}},
        {"ts": 1e300, "v": []},
        {"ts": -5, "sensor": {"id": []}, "v": {}},
    ]
    site.pages["/feed"] = answer(hostile)
    run = pulled(source("http_json", site.url("/feed"), LONG))
    assert (run.state, run.quarantined) == (PullState.SUCCEEDED, len(hostile))


def test_after_failures_the_pauses_grow_and_end_with_a_success(site: Site) -> None:
    found = source("http_json", site.url("/feed"), LONG, schedule=60)
    for _turn in range(3):
        pulled(found)
    found.refresh_from_db()
    assert found.failures == 3
    assert (
        timedelta(seconds=470) < (found.next_due or timezone.now()) - timezone.now() < timedelta(seconds=490)
    )
    site.pages["/feed"] = answer(ITEMS)
    pulled(found)
    found.refresh_from_db()
    assert found.failures == 0


def test_a_source_is_due_once_and_not_while_it_is_off(site: Site) -> None:
    found = source("http_json", site.url("/feed"), LONG, next_due=timezone.now())
    source("http_json", site.url("/feed"), LONG, next_due=timezone.now(), active=False, name="off")
    assert sources_due() == [found.pk]
    assert sources_due() == []


def test_a_run_whose_worker_died_is_named_so(site: Site) -> None:
    site.pages["/feed"] = answer(ITEMS)
    found = source("http_json", site.url("/feed"), LONG)
    left = PullRun.objects.create(source=found)
    assert source_pull(found)
    left.refresh_from_db()
    assert left.state == PullState.LOST


def test_names_with_dots_are_found_and_names_that_no_item_has_are_told(site: Site) -> None:
    mapping = {
        "time": "time",
        "datastream": "id",
        "values": {"CO2.1": "school.{id}.co2", "NO2": "x.{id}.no2"},
    }
    items = [{"id": "T000", "time": "2026-01-02 03:00:00", "CO2.1": 600, "CO2": {"1": 1}}]
    site.pages["/feed"] = (200, {}, b"\xef\xbb\xbf" + json.dumps(items).encode())
    run = pulled(source("http_json", site.url("/feed"), mapping))
    assert (values(), "NO2" in run.message, "CO2" in run.message) == ([(KEY, 600.0)], True, False)


def test_a_number_of_the_other_side_is_no_id_of_ours(site: Site) -> None:
    pk = Datastream.objects.get(key=KEY).pk
    items = [{"ts": "2026-01-02 03:00", "sensor": {"id": pk}, "v": 1}]
    site.pages["/feed"] = answer(items)
    run = pulled(source("http_json", site.url("/feed"), LONG))
    assert (run.stored, run.quarantined) == (0, 1)
    site.pages["/feed"] = answer(items)
    known = {**LONG, "keys": {str(pk): KEY}}
    assert pulled(source("http_json", site.url("/feed"), known, name="mapped")).stored == 1


def test_a_value_that_has_changed_is_a_conflict_in_the_run(site: Site) -> None:
    found = source("http_json", site.url("/feed"), LONG)
    for value in (500, 510):
        site.pages["/feed"] = answer([{**ITEMS[0], "v": value}])
        run = pulled(found)
    assert (run.stored, run.repeated, run.conflict, run.quarantined, run.fetched) == (0, 0, 1, 0, 1)
