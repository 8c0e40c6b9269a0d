"""Members of readings: what would not be kept is set aside by name; a name that stands twice says nothing."""

from __future__ import annotations

import json
from typing import Any

import msgpack
import pytest
from django.db import connection

from apps.core.errors import ProblemError
from apps.core.members import DuplicateMemberError, json_read, names_once
from apps.live.messages import Message, message_read
from apps.sensing.data import Fault
from apps.sensing.ingest.bodies import MSGPACK, body_parse
from apps.sensing.ingest.decoding import readings_decode
from apps.sensing.ingest.quarantine import faults_keep
from apps.sensing.models import QuarantinedRow
from tests.sensing.builders import school_streams, stream_table

AT = "2026-11-02T12:00:00Z"


@pytest.fixture
def key(db: None) -> str:
    """The key of a stream."""
    return school_streams(1)[0].key


def faults(value: Any) -> list[tuple[str, str, str]]:
    """Field, code and detail of each fault of a body."""
    decoded = readings_decode(value, stream_table(), "school")
    return [(fault.field, fault.code, fault.detail) for fault in decoded.faults]


@pytest.mark.parametrize(
    ("member", "meant"),
    [
        ("uom", "unit"),
        ("units", "unit"),
        ("Unit", "unit"),
        ("unitOfMeasurement", "unit"),
        ("quality", ""),
        ("resultQuality", ""),
        ("resultTime", ""),
        ("parameters", ""),
        ("extra", ""),
    ],
)
def test_a_member_with_a_meaning_is_not_passed_over(key: str, member: str, meant: str, settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    row = {"datastream": key, "phenomenonTime": AT, "result": 10}
    columns = {"datastream": key, "phenomenonTime": [AT, AT], "result": [1, 2]}
    for value, count in ((row | {member: "F"}, 1), ([row | {member: "F"}], 1), (columns | {member: "F"}, 2)):
        found = faults(value)
        assert [fault[:2] for fault in found] == [(member, "unknown_member")] * count
        assert member in found[0][2]
        assert f"is {meant}." in found[0][2] if meant else "Leave it out" in found[0][2]


def test_a_devices_own_members_and_empty_ones_do_no_harm(key: str) -> None:
    row = {"datastream": key, "phenomenonTime": AT, "result": 10, "_battery": 3.3, "quality": None}
    assert faults([row]) == []
    assert faults({**row, "phenomenonTime": [AT], "result": [1], "_rssi": [-70]}) == []


def test_a_missing_member_is_looked_for_under_another_name(key: str) -> None:
    assert faults([{"datastream": key, "phenomenonTime": AT, "value": 1}])[0][:2] == (
        "value",
        "unknown_member",
    )
    with pytest.raises(ProblemError) as caught:
        faults({"datastream": key, "timestamp": AT, "result": 1})
    assert (caught.value.field, "phenomenonTime" in str(caught.value.detail)) == ("timestamp", True)


def test_several_results_of_one_moment_and_stream_are_no_columns(key: str) -> None:
    with pytest.raises(ProblemError) as caught:
        faults({"datastream": key, "phenomenonTime": AT, "result": [1]})
    assert caught.value.field == "result"


def test_a_whole_number_that_cannot_be_kept_is_not_rounded(key: str) -> None:
    moment = 1_790_000_000_000
    for value in (
        [{"datastream": key, "phenomenonTime": AT, "result": 9007199254740993}],
        {"datastream": [key], "phenomenonTime": [moment], "result": [9007199254740993]},
    ):
        assert faults(value)[0][1] in {"precision", "future"}
    assert faults([{"datastream": key, "phenomenonTime": AT, "result": 2**60}]) == []


@pytest.mark.parametrize("name", ["result", "datastream", "phenomenonTime"])
def test_a_name_that_stands_twice_refuses_its_row_only(key: str, name: str) -> None:
    whole = json.dumps({"datastream": key, "phenomenonTime": AT, "result": 10})
    twice = f'{whole[:-1]},"{name}":"11"}}'
    escaped = f'{whole[:-1]},"\\u00{ord(name[0]):02x}{name[1:]}":"11"}}'
    for text in (twice, escaped):
        with pytest.raises(ProblemError) as caught:
            body_parse(text.encode())
        assert (caught.value.field, caught.value.code) == (name, "duplicate")
        other = whole.replace("12:00:00Z", "12:00:01Z")
        value = body_parse(f"[{other},{text}]".encode())
        decoded = readings_decode(value, stream_table(), "school")
        assert (len(decoded.batch), [fault.field for fault in decoded.faults]) == (1, [name])


def test_a_message_pack_that_names_a_member_twice_is_refused() -> None:
    pairs = [("datastream", 1), ("phenomenonTime", AT), ("result", 1), ("result", 2)]
    body = b"\x84" + b"".join(msgpack.packb(part) for pair in pairs for part in pair)
    with pytest.raises(ProblemError) as caught:
        body_parse(body, MSGPACK)
    assert caught.value.field == "result"
    plain = {"datastream": "x.result.unit", "phenomenonTime": AT, "result": 1}
    assert body_parse(msgpack.packb(plain), MSGPACK) == plain


def test_names_that_values_repeat_are_no_duplicates() -> None:
    value = [{"datastream": "result", "result": 'a "result" : 1', "x/y": "大"}]
    body = json.dumps(value).encode()
    assert not names_once(body, value)  # so it is read exactly
    assert body_parse(body) == value


def test_every_reader_of_json_refuses_a_name_that_stands_twice(client: Any) -> None:
    with pytest.raises(DuplicateMemberError):
        json_read('{"a":{"b":1,"b":2}}')
    told = message_read('{"subscribe":["a"],"subscribe":["b"]}')
    assert isinstance(told, str)
    assert told.startswith("subscribe")
    assert isinstance(message_read('{"subscribe":["a"]}'), Message)


@pytest.mark.django_db
def test_a_bad_row_that_comes_again_is_shown_once() -> None:
    def keep(row: Any) -> int:
        with connection.cursor() as cursor:
            fault = Fault(0, "datastream", "unknown", "no such", row)
            faults_keep(cursor.cursor, [fault], domain="school", door="http")
        return QuarantinedRow.objects.count()

    row = {"datastream": "school.nobody", "result": 1}
    assert [keep(row), keep(row), keep(row | {"result": 2})] == [1, 1, 2]
    QuarantinedRow.objects.update(state="dismissed")
    assert keep(row) == 3
