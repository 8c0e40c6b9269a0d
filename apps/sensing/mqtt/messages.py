"""From a group of messages to one batch: every message is readings, faults, or a fault as a whole."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.utils import timezone

from apps.core.errors import ProblemError
from apps.sensing.data import EMPTY, Batch, Fault, batches_joined
from apps.sensing.ingest.bodies import JSON, MSGPACK, body_parse, body_unpack, kind_of
from apps.sensing.ingest.decoding import AHEAD, FIELDS, Decoded, readings_decode
from apps.sensing.ingest.partitions import micros
from apps.sensing.ingest.streams import StreamTable
from apps.sensing.ingest.writing import Written
from apps.sensing.mqtt.topics import Address

GZIP_MAGIC = b"\x1f\x8b"
TEXT_BEGINS = b' \t\r\n{["\xef'
LARGEST = sys.float_info.max
Row = tuple[int, int, float]  # datastream id, microseconds since 1970, result


@dataclass(slots=True)
class Message:
    """What a device has published, and the number by which it is acknowledged."""

    address: Address
    payload: bytes
    content_type: str = ""
    mid: int = 0
    response_topic: str = ""
    correlation: bytes = b""
    life: int = 0  # which connection to the broker brought it


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message; sent to its response topic, if it has one."""

    stored: int
    repeated: int
    quarantined: int


@dataclass
class Group:
    """The readings of many messages as one batch; whose is what, and what could not be taken."""

    batch: Batch = EMPTY
    owners: list[int] = field(default_factory=list)  # how many rows of the batch each message gave
    faults: dict[str, list[Fault]] = field(default_factory=dict)  # domain -> faults
    refused: list[int] = field(default_factory=list)  # how many faults each message gave

    @property
    def has_unknown(self) -> bool:
        """Whether some datastream was not in the table."""
        return any(fault.code == "unknown" for faults in self.faults.values() for fault in faults)


def group_decode(messages: Iterable[Message], table: StreamTable, *, limit: int) -> Group:
    """One batch of all messages; a message that is no readings becomes one fault, and spoils nobody."""
    group, pile, latest = Group(), Pile(), micros(timezone.now()) + AHEAD
    for message in messages:
        decoded = message_decode(message, table, limit=limit, latest=latest)
        if isinstance(decoded, tuple):
            pile.rows.append(decoded)
            group.owners.append(1)
            group.refused.append(0)
            continue
        pile.add(decoded.batch)
        group.owners.append(len(decoded.batch))
        group.refused.append(len(decoded.faults))
        if decoded.faults:
            group.faults.setdefault(message.address.domain, []).extend(decoded.faults)
    group.batch = pile.batch()
    return group


@dataclass
class Pile:
    """Single readings and batches in the order in which they came."""

    rows: list[Row] = field(default_factory=list)
    parts: list[Batch] = field(default_factory=lambda: [EMPTY])

    def add(self, batch: Batch) -> None:
        """A batch after all that came before it."""
        self._rows_end()
        self.parts.append(batch)

    def batch(self) -> Batch:
        """All as one batch."""
        self._rows_end()
        return batches_joined(self.parts)

    def _rows_end(self) -> None:
        if self.rows:
            streams, times, results = zip(*self.rows, strict=True)
            columns = np.array(streams, np.int64), np.array(times, np.int64), np.array(results, np.float64)
            self.parts.append(Batch(*columns))
            self.rows = []


def outcomes_of(group: Group, written: Written) -> list[Outcome]:
    """Each message's own counts, in order."""
    whose = np.repeat(np.arange(len(group.owners)), group.owners)
    new = np.bincount(whose[written.order[written.is_new]], minlength=len(group.owners)).tolist()
    rows = zip(new, group.owners, group.refused, strict=True)
    return [Outcome(stored, count - stored, refused) for stored, count, refused in rows]


def message_decode(message: Message, table: StreamTable, *, limit: int, latest: int) -> Decoded | Row:
    """The readings of one message, only of streams that its device carries; one plain row as it is."""
    address = message.address
    try:
        value = _value(message, limit)
        row = _plain_row(value, table, address, latest)
        if row is not None:
            return row
        decoded = readings_decode(value, table, address.domain)
    except ProblemError as error:
        begin = message.payload[:200].decode("utf-8", "replace")
        return Decoded(EMPTY, (Fault(0, error.field or "body", error.code, str(error.detail), begin),))
    streams = decoded.batch.streams.tolist()
    if all(table.things[stream] == address.device for stream in set(streams)):
        return decoded
    own = np.array([table.things[stream] == address.device for stream in streams], bool)
    return _without_others(decoded, np.flatnonzero(own), np.flatnonzero(~own))


def _plain_row(value: Any, table: StreamTable, address: Address, latest: int) -> Row | None:
    """One reading as most devices send it; None for whatever must be looked at more closely."""
    if type(value) is not dict or len(value) != len(FIELDS):
        return None
    cells: list[Any] = [value.get(name) for name in FIELDS]
    key, moment, result = cells
    if type(moment) is not int or type(result) not in {int, float} or type(key) not in {int, str}:
        return None
    stream, moment = table.keys.get(key), moment * 1000
    if stream is None or not 0 <= moment <= latest or not -LARGEST <= result <= LARGEST:
        return None
    own = table.things[stream] == address.device and table.domains[stream] == address.domain
    return (stream, moment, result) if own else None


def _without_others(decoded: Decoded, own: Any, others: Any) -> Decoded:
    detail = "The datastream belongs to another device; publish it under that device's topic."
    faults = [
        Fault(int(row), "datastream", "other_device", detail, {"datastream": int(decoded.batch.streams[row])})
        for row in others
    ]
    return Decoded(decoded.batch.take(own), (*decoded.faults, *faults))


def _value(message: Message, limit: int) -> Any:
    """The parsed body: its kind by the content type or, without one, by its first byte."""
    encoding = "gzip" if message.payload.startswith(GZIP_MAGIC) else ""
    if len(message.payload) > limit:
        raise ProblemError(f"Send at most {limit} bytes at a time; cut the batch.", "body", 413, "too_large")
    body = body_unpack(message.payload, encoding=encoding, limit=limit)
    if message.content_type:
        return body_parse(body, kind_of(message.content_type))
    return body_parse(body, JSON if body[:1] and body[0] in TEXT_BEGINS else MSGPACK)
