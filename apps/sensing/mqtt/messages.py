"""From a group of messages to one batch: every message is readings, faults, or a fault as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from apps.core.errors import ProblemError
from apps.sensing.data import EMPTY, Batch, Fault
from apps.sensing.ingest.bodies import JSON, MSGPACK, body_parse, body_unpack, kind_of
from apps.sensing.ingest.decoding import Decoded, readings_decode
from apps.sensing.ingest.streams import StreamTable
from apps.sensing.ingest.writing import Written
from apps.sensing.mqtt.topics import Address

GZIP_MAGIC = b"\x1f\x8b"
TEXT_BEGINS = b' \t\r\n{["\xef'


@dataclass(frozen=True, slots=True)
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
    group, batches = Group(), [EMPTY]
    for message in messages:
        decoded = message_decode(message, table, limit=limit)
        batches.append(decoded.batch)
        group.owners.append(len(decoded.batch))
        group.refused.append(len(decoded.faults))
        if decoded.faults:
            group.faults.setdefault(message.address.domain, []).extend(decoded.faults)
    group.batch = Batch(
        np.concatenate([batch.streams for batch in batches]),
        np.concatenate([batch.times for batch in batches]),
        np.concatenate([batch.results for batch in batches]),
    )
    return group


def outcomes_of(group: Group, written: Written) -> list[Outcome]:
    """Each message's own counts, in order."""
    whose = np.repeat(np.arange(len(group.owners)), group.owners)
    new = np.bincount(whose[written.order[written.is_new]], minlength=len(group.owners)).tolist()
    rows = zip(new, group.owners, group.refused, strict=True)
    return [Outcome(stored, count - stored, refused) for stored, count, refused in rows]


def message_decode(message: Message, table: StreamTable, *, limit: int) -> Decoded:
    """The readings of one message, only those of the streams that its device carries."""
    address = message.address
    try:
        decoded = readings_decode(_value(message, limit), table, address.domain)
    except ProblemError as error:
        row = message.payload[:200].decode("utf-8", "replace")
        return Decoded(EMPTY, (Fault(0, error.field or "body", error.code, str(error.detail), row),))
    streams = decoded.batch.streams
    own = np.array([table.things[stream] == address.device for stream in streams.tolist()], bool)
    if own.all():
        return decoded
    return _without_others(decoded, np.flatnonzero(own), np.flatnonzero(~own))


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
    return body_parse(body, JSON if body[:1] in {bytes([each]) for each in TEXT_BEGINS} else MSGPACK)
