"""Bent bodies through the MQTT door's decoder: each is readings or faults, and none spoils its neighbours."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from apps.sensing.data import Fault
from apps.sensing.ingest.streams import StreamTable
from apps.sensing.mqtt.messages import Group, Message, group_decode
from apps.sensing.mqtt.topics import Address, address_of
from tests.sensing.builders import NOON, school_streams, stream_table
from tests.sensing.corpus import corpus

pytestmark = pytest.mark.django_db
MS = int(NOON.timestamp()) * 1000
MOST = 1 << 20
T000 = Address("school", "T000", "telemetry")


def good(key: str) -> Message:
    return Message(T000, json.dumps({"datastream": key, "phenomenonTime": MS, "result": 1}).encode())


def test_two_thousand_bent_bodies_spoil_no_good_one() -> None:
    key, table = school_streams(1)[0].key, stream_table()
    bent = [Message(T000, body, kind) for kind, body in corpus(key, MS, count=2000)]
    group = group_decode([good(key), *bent, good(key)], table, limit=MOST)
    assert sum(len(part) for part in group.parts) >= len(bent) + 2
    assert [len(group.parts[0].decoded.batch), len(group.parts[-1].decoded.batch)] == [1, 1]
    assert all(fault.detail for fault in faults_of(group))


def test_plain_rows_and_lists_keep_the_order_in_which_they_came() -> None:
    table, key = stream_table_of(1)
    bodies = [{"datastream": key, "phenomenonTime": MS + each, "result": each} for each in range(4)]
    messages = [Message(T000, json.dumps(body).encode()) for body in (bodies[0], [bodies[1]], *bodies[2:])]
    group = group_decode(messages, table, limit=MOST)
    assert [part.decoded.batch.results.tolist() for part in group.parts] == [[0], [1], [2, 3]]


@pytest.mark.parametrize(
    "change",
    [
        {"result": "1e999"},
        {"result": True},
        {"result": 10**400},
        {"phenomenonTime": -1},
        {"phenomenonTime": 10**17},
        {"datastream": "school.T001.co2"},
        {"unit": "km"},
    ],
)
def test_a_row_that_is_not_plain_is_looked_at_closely_and_refused(change: dict[str, object]) -> None:
    table, key = stream_table_of(2)
    body = {"datastream": key, "phenomenonTime": MS, "result": 1} | change
    group = group_decode([Message(T000, json.dumps(body).encode())], table, limit=MOST)
    assert ([len(part.decoded.batch) for part in group.parts], len(faults_of(group))) == ([0], 1)


def test_a_body_over_the_limit_is_one_fault() -> None:
    table, key = stream_table_of(1)
    group = group_decode([good(key)], table, limit=10)
    assert [fault.code for fault in faults_of(group)] == ["too_large"]


@pytest.mark.parametrize("topic", ["v1", "v1//T000/telemetry", "v2/a/b/c", "v1/a/b/c/d", "/v1/a/b"])
def test_a_strange_topic_is_no_address(topic: str) -> None:
    assert address_of(topic) is None


def test_a_message_that_asks_for_an_answer_is_a_part_of_its_own() -> None:
    table, key = stream_table_of(1)
    asking = replace(good(key), response_topic="v1/school/T000/answer")
    group = group_decode([good(key), asking, good(key)], table, limit=MOST)
    assert [message is asking for message in group.messages] == [False, True, False]


def faults_of(group: Group) -> list[Fault]:
    return [fault for part in group.parts for fault in part.decoded.faults]


def stream_table_of(count: int) -> tuple[StreamTable, str]:
    key = school_streams(count)[0].key
    return stream_table(), key
