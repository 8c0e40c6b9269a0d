"""Hostile bodies: good ones bent in every way that has broken a decoder; seeded, so failures repeat."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

JSON, MSGPACK = "application/json", "application/msgpack"
NUMBERS: list[Any] = [-1, 0, 2**31, 2**63, 2**64, -(2**63) - 1, 10**30, 1e308, 5e-324, "0" * 5000]
WORDS: list[Any] = [
    "",
    " ",
    "x",
    "NaN",
    "1e999",
    "\u0000",
    "\ud800",
    "😀" * 50,
    "'; DROP TABLE sensing_thing; --",
]
SHAPES: list[Any] = [None, True, [], [[]], {}, {"a": {}}, [None]]
TIMES = ["02-30T00:00:00Z", "11-02T12:00:00", "11-02T12:00:00+99:99", "12-31T23:59:59.9999999Z"]
MOMENTS: list[Any] = [
    *(f"2026-{time}" for time in TIMES),
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00+14:00",
]
STRANGE = [*NUMBERS, *WORDS, *SHAPES, *MOMENTS]
BRACKETS = [b'"', b"[", b"{", b"]", b"}", b",", b"/*", b"\r\n"]
BYTES = [
    b"",
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xc3\x28",
    b"\xed\xa0\x80",
    b"\xc1",
    b"\xdf\xff\xff\xff\xff",
]
PIECES = [*BRACKETS, *BYTES, b"NaN", b"-Infinity", b"\\u0000", b"\\ud800", b"9" * 400, b"1e400"]


def seeds(stream: str, moment: int) -> list[Any]:
    """Good bodies of every shape."""
    row = {"datastream": stream, "phenomenonTime": moment, "result": 500}
    columns = {"datastream": stream, "phenomenonTime": [moment + i for i in range(4)], "result": [500.5] * 4}
    iso = {**row, "phenomenonTime": "2026-11-02T12:00:00.5+08:00", "unit": "[ppm]"}
    return [row, [row, iso], columns, {**columns, "datastream": [stream] * 4}, {**columns, "unit": "[ppm]"}]


def corpus(stream: str, moment: int, *, count: int) -> Iterator[tuple[str, bytes]]:
    """``count`` pairs of content type and body."""
    draw = random.Random(20261123)
    good = seeds(stream, moment)
    bends: list[Callable[[Any, random.Random], tuple[str, bytes]]] = [
        _bytes_bent,
        _cell_changed,
        _shape_changed,
    ]
    for _each in range(count):
        yield draw.choice(bends)(json.loads(json.dumps(draw.choice(good))), draw)


def _encoded(value: Any, draw: random.Random) -> tuple[str, bytes]:
    if draw.random() < 0.4:
        try:
            return MSGPACK, msgspec.msgpack.encode(value)
        except (OverflowError, UnicodeEncodeError):
            pass
    text = json.dumps(value, ensure_ascii=draw.random() < 0.5)
    return JSON, text.encode(draw.choice(["utf-8", "utf-8", "utf-8", "utf-16", "utf-8-sig"]), "surrogatepass")


def _bytes_bent(value: Any, draw: random.Random) -> tuple[str, bytes]:
    """Cut, flipped, doubled, or with a piece put in."""
    kind, body = _encoded(value, draw)
    for _each in range(draw.randint(1, 3)):
        at = draw.randrange(len(body) + 1)
        until = min(len(body), at + draw.randint(0, 6))
        body = draw.choice([body[:at], body[:at] + draw.choice(PIECES) + body[until:], body + body[at:]])
    return kind, body


def _cell_changed(value: Any, draw: random.Random) -> tuple[str, bytes]:
    """One value of the right shape is of the wrong kind, or gone."""
    row = draw.choice(value) if isinstance(value, list) else value
    name = draw.choice(list(row))
    if isinstance(row[name], list) and draw.random() < 0.7:
        row[name][draw.randrange(len(row[name]))] = draw.choice(STRANGE)
    elif draw.random() < 0.2:
        del row[name]
    else:
        row[name] = draw.choice(STRANGE)
    return _encoded(value, draw)


def _shape_changed(value: Any, draw: random.Random) -> tuple[str, bytes]:
    """Wrapped, nested, mixed with strangers, or with more columns than there are."""
    depth = draw.choice([1, 5, 100, 900, 2000])
    nested: Any = value
    for _each in range(depth if draw.random() < 0.3 else 0):
        nested = [nested] if draw.random() < 0.5 else {"result": nested}
    mixed = [value, draw.choice(STRANGE), nested] if draw.random() < 0.5 else nested
    try:
        return _encoded(mixed, draw)
    except RecursionError:
        return JSON, b"[" * depth + b"]" * depth
