"""The gateway as devices meet it: a real process, real sockets, the test's database."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from django.db import connection

from apps.accounts.models import ApiKey
from apps.accounts.services.keys import api_key_create, api_key_revoke
from apps.sensing.gateway.keys import REMEMBER_SECONDS
from apps.sensing.models import Observation, QuarantinedRow
from tests.faults.load import post
from tests.people import person
from tests.sensing.builders import NOON, school_streams

MS = int(NOON.timestamp()) * 1000
PROBLEM = "application/problem+json"
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def streams(gateways: tuple[int, int]) -> Iterator[str]:
    """Keys of datastreams that no test has used yet."""
    return iter([stream.key for stream in school_streams(60)])


@pytest.fixture
def stream(streams: Iterator[str]) -> str:
    """One of them."""
    return next(streams)


@pytest.fixture(scope="module")
def keys(gateways: tuple[int, int]) -> dict[str, str]:
    """API keys that differ in their domain and their scope."""
    device = person("device")
    wanted = {"school": "ingest", "city": "ingest", "reading": "read", "ended": "ingest"}
    return {
        name: api_key_create(
            device, name=name, domain="city" if name == "city" else "school", scopes=[scope]
        )[1]
        for name, scope in wanted.items()
    }


@pytest.fixture
def key(keys: dict[str, str]) -> str:
    """The key that may write to the school domain."""
    return keys["school"]


def committed(act: Callable[[], object]) -> None:
    """Do it in a transaction of its own, so that the gateways see it."""

    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()


def columns(stream: str, rows: int = 3, *, start: int = 0) -> bytes:
    times = [MS + (start + row) * 1000 for row in range(rows)]
    body = {"datastream": stream, "phenomenonTime": times, "result": [500 + row for row in range(rows)]}
    return json.dumps(body).encode()


def rows_of(stream: str) -> int:
    return Observation.objects.filter(datastream__key=stream).count()


def send(port: int, key: str, body: bytes = b"{}", **changes: Any) -> tuple[int, str, dict[str, Any]]:
    """Status, content type and answer; ``changes`` are method, path and headers."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    path = changes.get("path", "/v1/observations")
    line.request(changes.get("method", "POST"), path, body, headers | changes.get("headers", {}))
    answer = line.getresponse()
    found = answer.status, answer.getheader("Content-Type", ""), json.loads(answer.read())
    line.close()
    return found


def test_what_is_acknowledged_is_committed(gateways: tuple[int, int], key: str, stream: str) -> None:
    status, _kind, body = send(gateways[0], key, columns(stream, 3))
    assert (status, body) == (
        201,
        {
            "stored": 3,
            "repeated": 0,
            "conflict": 0,
            "quarantined": 0,
            "implausible": 0,
            "faults": [],
            "conflicts": [],
        },
    )
    assert rows_of(stream) == 3


def test_the_same_body_again_stores_nothing(gateways: tuple[int, int], key: str, stream: str) -> None:
    send(gateways[0], key, columns(stream, 3))
    _status, _kind, body = send(gateways[0], key, columns(stream, 5))
    assert (body["stored"], body["repeated"]) == (2, 3)


def test_a_bad_row_is_quarantined_and_the_good_ones_are_kept(
    gateways: tuple[int, int], key: str, stream: str
) -> None:
    rows = [
        {"datastream": stream, "phenomenonTime": MS, "result": 500},
        {"datastream": stream, "phenomenonTime": MS + 1, "result": "x"},
    ]
    status, _kind, body = send(gateways[0], key, json.dumps(rows).encode())
    assert (status, body["stored"], body["quarantined"]) == (201, 1, 1)
    assert (body["faults"][0]["index"], body["faults"][0]["field"]) == (1, "result")
    assert QuarantinedRow.objects.get(domain="school").row["result"] == "x"


@pytest.mark.parametrize("wrong", ["", "cp_unknown", "中文"])
def test_an_unknown_key_is_refused(gateways: tuple[int, int], key: str, stream: str, wrong: str) -> None:
    status, kind, _body = send(gateways[0], wrong.encode().decode("latin-1"), columns(stream))
    assert (status, kind) == (401, PROBLEM)
    assert rows_of(stream) == 0


def test_a_key_without_the_scope_is_refused(
    gateways: tuple[int, int], keys: dict[str, str], stream: str
) -> None:
    assert send(gateways[0], keys["reading"], columns(stream))[0] == 403


@pytest.mark.parametrize(
    ("method", "name", "expected"),
    [
        ("POST", "", (401, 'Bearer realm="readings"', None)),
        ("POST", "nobody", (401, 'Bearer realm="readings", error="invalid_token"', None)),
        (
            "POST",
            "reading",
            (403, 'Bearer realm="readings", error="insufficient_scope", scope="ingest"', None),
        ),
        ("DELETE", "school", (405, None, "POST")),
        ("POST", "school", (400, None, None)),
    ],
)
def test_every_refusal_says_what_to_do_in_the_callers_language(
    gateways: tuple[int, int], keys: dict[str, str], method: str, name: str, expected: tuple[Any, ...]
) -> None:
    told = {}
    for language in ("en", "zh-CN,zh;q=0.9,en;q=0.1"):
        line = http.client.HTTPConnection("127.0.0.1", gateways[0], timeout=10)
        headers = {"Accept-Language": language, "Content-Type": "application/json"}
        if name:
            headers["Authorization"] = f"Bearer {keys.get(name, 'cp_unknown')}"
        line.request(method, "/v1/observations", b'{"datastream":1}', headers)
        answer = line.getresponse()
        told[language] = json.loads(answer.read())["detail"]
        assert (answer.status, answer.headers["WWW-Authenticate"], answer.headers["Allow"]) == expected
        line.close()
    assert told["en"].isascii()


def test_a_revoked_key_ends_within_seconds(
    gateways: tuple[int, int], keys: dict[str, str], stream: str
) -> None:
    ended = keys["ended"]
    assert send(gateways[0], ended, columns(stream))[0] == 201
    committed(lambda: api_key_revoke(ApiKey.objects.get(name="ended")))
    until = time.monotonic() + REMEMBER_SECONDS + 1
    while send(gateways[0], ended, columns(stream))[0] == 201:
        assert time.monotonic() < until, "the revoked key still works"
        time.sleep(0.5)


def test_a_stream_of_another_domain_is_unknown_to_the_key(
    gateways: tuple[int, int], keys: dict[str, str], stream: str
) -> None:
    status, _kind, body = send(gateways[0], keys["city"], columns(stream, 2))
    assert (status, body["stored"], body["quarantined"]) == (201, 0, 2)
    assert {fault["code"] for fault in body["faults"]} == {"unknown"}
    assert QuarantinedRow.objects.filter(domain="city").count() == 2


REFUSALS = [
    ({"path": "/v1/nothing"}, b"{}", 404),
    ({"method": "GET"}, b"", 405),
    ({"method": "DELETE"}, b"", 405),
    ({"headers": {"Content-Type": "text/csv"}}, b"a,b", 415),
    ({}, b"{", 400),
    ({}, b"\xff\xfe", 400),
    ({}, b"[" * 50_000, 400),
    ({}, b'"text"', 400),
    ({}, b'{"datastream": 1}', 400),
]


@pytest.mark.parametrize(("changes", "body", "status"), REFUSALS)
def test_a_wrong_request_is_answered_with_its_problem(
    gateways: tuple[int, int], key: str, changes: dict[str, Any], body: bytes, status: int
) -> None:
    found, kind, problem = send(gateways[0], key, body, **changes)
    assert (found, kind, problem["status"]) == (status, PROBLEM, status)
    assert problem["detail"]


def test_fifty_megabytes_are_refused_as_soon_as_they_are_announced(
    gateways: tuple[int, int], key: str
) -> None:
    with socket.create_connection(("127.0.0.1", gateways[0]), timeout=10) as line:
        head = f"POST /v1/observations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n"
        line.sendall(f"{head}Content-Length: 52428800\r\n\r\n".encode())
        assert b" 413 " in line.recv(4096)


def test_fifty_megabytes_in_pieces_are_refused_before_their_end(
    gateways: tuple[int, int], key: str, stream: str
) -> None:
    with socket.create_connection(("127.0.0.1", gateways[0]), timeout=10) as line:
        head = f"POST /v1/observations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n"
        line.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        sent = flood(line, b"10000\r\n" + b"1" * 65536 + b"\r\n", most=50 << 20)
        assert sent < 50 << 20


def flood(line: socket.socket, piece: bytes, *, most: int) -> int:
    """Bytes sent until the other side has answered 413 or hung up."""
    sent = 0
    line.settimeout(0.001)
    while sent < most:
        try:
            assert b" 413 " in line.recv(4096)
        except TimeoutError:
            line.settimeout(10)
            line.sendall(piece)
            line.settimeout(0.001)
            sent += len(piece)
        except ConnectionError:
            return sent
        else:
            return sent
    return sent


def test_two_gateways_store_the_same_readings_once(gateways: tuple[int, int], key: str, stream: str) -> None:
    send(gateways[0], key, columns(stream, 1, start=-1))
    send(gateways[1], key, columns(stream, 1, start=-1))
    found: list[dict[str, Any]] = []

    def device(port: int) -> None:
        found.extend(post(port, key, columns(stream, 500, start=part * 500))[1] for part in range(6))

    threads = [threading.Thread(target=device, args=(port,)) for port in gateways * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(answer["stored"] for answer in found) == 3000
    assert sum(answer["repeated"] for answer in found) == 9000
    assert rows_of(stream) == 3001


def test_a_client_that_hangs_up_spoils_nobody(
    gateways: tuple[int, int], key: str, stream: str, streams: Iterator[str]
) -> None:
    stopped = threading.Event()
    vanishing = threading.Thread(target=hang_up, args=(gateways[0], key, next(streams), stopped))
    vanishing.start()
    for part in range(40):
        status, answer = post(gateways[0], key, columns(stream, 5, start=part * 5))
        assert (status, answer["stored"]) == (201, 5)
    stopped.set()
    vanishing.join()


def hang_up(port: int, key: str, stream: str, stopped: threading.Event) -> None:
    """Post whole bodies to a stream of its own and leave before the answer."""
    for number in count():
        if stopped.is_set():
            return
        body = columns(stream, 1, start=number)
        head = f"POST /v1/observations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n"
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)


def test_a_stream_registered_a_moment_ago_is_found(gateways: tuple[int, int], key: str, stream: str) -> None:
    send(gateways[0], key, columns(stream, 1))
    time.sleep(1.1)  # an unknown key makes the gateway look again, at most once a second
    committed(lambda: school_streams(1, kind="temperature"))
    body = columns("school.T000.temperature", 1).replace(b"500", b"20")
    assert send(gateways[0], key, body)[2]["stored"] == 1


def test_another_value_is_a_conflict_with_both_values(
    gateways: tuple[int, int], key: str, stream: str
) -> None:
    row = {"datastream": stream, "phenomenonTime": "2026-01-02T05:00:00+08:00", "result": 12.0}
    for result, counts in ((12.0, (1, 0, 0)), (12.0, (0, 1, 0)), (13.5, (0, 0, 1))):
        status, _kind, body = send(gateways[0], key, json.dumps({**row, "result": result}).encode())
        assert (status, body["stored"], body["repeated"], body["conflict"]) == (201, *counts)
    assert body["conflicts"] == [{"index": 0, "stored": 12.0, "sent": 13.5}]


def test_a_time_in_seconds_is_quarantined_with_its_reason(
    gateways: tuple[int, int], key: str, stream: str
) -> None:
    row = {"datastream": stream, "phenomenonTime": 1_790_000_000, "result": 35}
    for body in (row, [row], {name: [cell] for name, cell in row.items()}):
        _status, _kind, answer = send(gateways[0], key, json.dumps(body).encode())
        assert (answer["stored"], answer["quarantined"], answer["faults"][0]["code"]) == (0, 1, "too_old")
    assert rows_of(stream) == 0


def test_what_is_not_plausible_is_stored_and_counted(
    gateways: tuple[int, int], key: str, stream: str
) -> None:
    rows = [
        {"datastream": stream, "phenomenonTime": MS + row, "result": value}
        for row, value in enumerate((500, -43.5, 510, -1))
    ]
    _status, _kind, body = send(gateways[0], key, json.dumps(rows).encode())
    assert (body["stored"], body["implausible"]) == (4, 2)
    _status, _kind, body = send(gateways[0], key, json.dumps(rows).encode())
    assert (body["repeated"], body["implausible"]) == (4, 0)


def test_times_are_kept_to_the_microsecond(gateways: tuple[int, int], key: str, stream: str) -> None:
    moment = NOON.isoformat().replace("+", ".1234567+")
    body = json.dumps({"datastream": stream, "phenomenonTime": moment, "result": 500}).encode()
    assert send(gateways[0], key, body)[2]["stored"] == 1
    assert Observation.objects.get(datastream__key=stream).phenomenon_time.microsecond == 123456


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", ["application/json", "application/msgpack"])
@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b"\x91" * 100_000, b"\xff", b"{", b"1" * 5000, b"", b'{"a": \xff}']
)
def test_a_body_that_cannot_be_read_is_told_in_our_words(
    gateways: tuple[int, int], key: str, body: bytes, kind: str, language: str
) -> None:
    headers = {"Content-Type": kind, "Accept-Language": language}
    status, _kind, told = send(gateways[0], key, body, headers=headers)
    assert status == 400
    foreign = ("recursion", "codec", "Expecting", "exceed", "truncated", "malformed", "Input data")
    assert not [word for word in foreign if word in told["detail"]]
