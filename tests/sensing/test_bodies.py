"""Bodies as they come over the line: kinds, compression, and what hides in them."""

from __future__ import annotations

import gzip
import zlib
from contextlib import suppress
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import ProblemError
from apps.sensing.ingest.bodies import JSON, MSGPACK, body_parse, body_unpack, kind_of

LIMIT = 10_000
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(), children, max_size=4),
)


@given(VALUES)
def test_messagepack_says_the_same_as_json(value: object) -> None:
    assert body_parse(msgspec.msgpack.encode(value), MSGPACK) == value
    assert body_parse(msgspec.json.encode(value), JSON) == body_parse(msgspec.json.encode(value))


@given(st.binary(max_size=200), st.sampled_from([JSON, MSGPACK]))
def test_any_bytes_are_a_value_or_a_problem(body: bytes, kind: str) -> None:
    with suppress(ProblemError):
        body_parse(body, kind)


def test_a_timestamp_of_messagepack_is_a_moment() -> None:
    moment = datetime(2026, 11, 2, 12, tzinfo=UTC)
    assert body_parse(msgspec.msgpack.encode([moment]), MSGPACK) == [moment]


@given(st.binary(max_size=2000))
def test_gzip_gives_the_body_back(body: bytes) -> None:
    assert body_unpack(gzip.compress(body), encoding="gzip", limit=LIMIT) == body


BROKEN = [
    b"",
    b"plain",
    gzip.compress(b"abc", mtime=0)[:-3],
    gzip.compress(b"abc", mtime=0) + b"more",
    zlib.compress(b"abc"),
]


@pytest.mark.parametrize("body", BROKEN)
def test_a_body_that_is_not_gzip_is_refused(body: bytes) -> None:
    with pytest.raises(ProblemError) as refused:
        body_unpack(body, encoding="gzip", limit=LIMIT)
    assert refused.value.status == 400


def test_a_compressed_bomb_is_refused_before_it_opens() -> None:
    bomb = gzip.compress(bytes(200_000_000))
    with pytest.raises(ProblemError) as refused:
        body_unpack(bomb, encoding="gzip", limit=LIMIT)
    assert refused.value.status == 413


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip"])
def test_other_encodings_are_refused(encoding: str) -> None:
    with pytest.raises(ProblemError) as refused:
        body_unpack(b"{}", encoding=encoding, limit=LIMIT)
    assert refused.value.status == 415


def test_the_content_type_names_the_kind() -> None:
    assert kind_of("") == kind_of("application/json; charset=utf-8") == JSON
    assert kind_of("Application/MsgPack") == kind_of("application/x-msgpack") == MSGPACK
    with pytest.raises(ProblemError):
        kind_of("text/csv")
