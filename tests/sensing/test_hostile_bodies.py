"""Thousands of bent bodies against a real gateway: never a 500, good rows kept, bad rows in quarantine."""

from __future__ import annotations

import gzip
import http.client
import json
import time
from collections import Counter
from typing import Any

import msgspec
import pytest
from django.db.models import Count

from apps.accounts.services.keys import api_key_create
from apps.sensing.ingest.quarantine import CONFLICT
from apps.sensing.models import Observation, QuarantinedRow
from tests.people import person
from tests.sensing.builders import school_streams
from tests.sensing.corpus import MSGPACK, corpus

pytestmark = pytest.mark.django_db
BODIES = 2500
REFUSED = {400, 413, 415}


@pytest.fixture(scope="module")
def door(gateways: tuple[int, int]) -> tuple[int, str, str]:
    """Port, API key and the key of a datastream."""
    _row, key = api_key_create(person("hostile"), name="hostile", domain="school", scopes=["ingest"])
    return gateways[0], key, school_streams(1)[0].key


def sent(line: http.client.HTTPConnection, key: str, body: bytes, **headers: str) -> tuple[int, Any]:
    """Status and answer of one body."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    line.request("POST", "/v1/observations", body, {"Authorization": f"Bearer {key}", **named})
    answer = line.getresponse()
    return answer.status, json.loads(answer.read())


@pytest.fixture(scope="module")
def answers(door: tuple[int, str, str]) -> list[tuple[str, bytes, int, Any]]:
    """Content type, body, status and answer of every body of the corpus."""
    port, key, stream = door
    line, found = http.client.HTTPConnection("127.0.0.1", port, timeout=30), []
    moment = int(time.time() * 1000) - 86_400_000
    for kind, body in corpus(stream, moment, count=BODIES):
        found.append((kind, body, *sent(line, key, body, Content_Type=kind)))
    line.close()
    return found


def test_every_bent_body_is_answered_and_none_by_a_500(answers: list[tuple[str, bytes, int, Any]]) -> None:
    statuses = Counter(status for _kind, _body, status, _answer in answers)
    assert set(statuses) <= {201} | REFUSED, [row[:3] for row in answers if row[2] >= 500][:3]
    assert min(statuses[201], statuses[400]) > BODIES // 10  # both ways were taken often


def test_a_refusal_names_what_is_wrong(answers: list[tuple[str, bytes, int, Any]]) -> None:
    for _kind, body, status, answer in answers:
        if status in REFUSED:
            assert answer["status"] == status
            assert answer["detail"], body


def test_what_was_accepted_is_accounted_for_row_by_row(
    answers: list[tuple[str, bytes, int, Any]], door: tuple[int, str, str]
) -> None:
    accepted = [answer for _kind, _body, status, answer in answers if status == 201]
    assert Observation.objects.filter(datastream__key=door[2]).count() == sum(a["stored"] for a in accepted)
    kept = QuarantinedRow.objects.filter(door="http")
    refused = kept.exclude(code=CONFLICT)  # equal ones that are open are shown once
    assert 0 < refused.count() <= sum(a["quarantined"] for a in accepted)
    assert refused.values("row", "code").distinct().count() == refused.count()


def test_every_quarantined_row_has_a_reason_in_words(answers: list[tuple[str, bytes, int, Any]]) -> None:
    by_code = QuarantinedRow.objects.values_list("code").annotate(Count("pk"))
    assert len(by_code) >= 6
    assert not QuarantinedRow.objects.filter(reason="").exists()


def test_the_door_works_on_with_good_bodies_of_every_kind(
    answers: list[tuple[str, bytes, int, Any]], door: tuple[int, str, str]
) -> None:
    port, key, stream = door
    line, moment = http.client.HTTPConnection("127.0.0.1", port), int(time.time() * 1000) - 10_000
    row = {"datastream": stream, "phenomenonTime": moment, "result": 510}
    plain = json.dumps(row).encode()
    assert sent(line, key, plain)[1]["stored"] == 1
    assert sent(line, key, gzip.compress(plain), Content_Encoding="gzip")[1]["repeated"] == 1
    assert sent(line, key, msgspec.msgpack.encode(row), Content_Type=MSGPACK)[1]["repeated"] == 1
    line.close()
