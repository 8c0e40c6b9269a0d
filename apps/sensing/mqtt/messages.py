"""From a group of messages to one batch: every message is readings, faults, or a fault as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import structlog

from apps.core.errors import ProblemError
from apps.core.sentences import sentence as _
from apps.core.sentences import sentence_of
from apps.sensing.data import EMPTY, Batch, Door, Fault, Stored
from apps.sensing.ingest.bodies import JSON, MSGPACK, body_parse, body_unpack, kind_of, too_large
from apps.sensing.ingest.decoding import EXACT, FIELDS, Decoded, readings_decode
from apps.sensing.ingest.groups import Part, numbered
from apps.sensing.ingest.moments import latest_plausible
from apps.sensing.ingest.quarantine import row_of
from apps.sensing.ingest.streams import StreamTable
from apps.sensing.mqtt.topics import Address

DOOR: Door = "mqtt"
GZIP_MAGIC = b"\x1f\x8b"
TEXT_BEGINS = b' \t\r\n{["\xef'
KEPT = 2000  # bytes of a message that is no reading
SHOWN = 20  # faults that an answer lists
Row = tuple[int, int, float]  # datastream id, microseconds since 1970, result
log = structlog.get_logger("mqtt")


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
    """What became of one message; sent to its response topic, if it has one. ``faults`` says what to mend."""

    stored: int
    repeated: int
    conflict: int
    quarantined: int
    faults: tuple[dict[str, Any], ...] = ()

    @classmethod
    def of(cls, stored: Stored) -> Outcome:
        """What became of a message's rows, with the first of those that were refused."""
        faults = tuple(fault.told for fault in stored.faults[:SHOWN])
        return cls(stored.stored, stored.repeated, len(stored.conflicts), len(stored.faults), faults)


@dataclass
class Group:
    """The readings of many messages as parts of one transaction, and the message that a part answers.

    Single readings of devices that ask for no answer, which most are, make one part as long as they come
    without another message between them; it has no message.
    """

    parts: list[Part] = field(default_factory=list)
    messages: list[Message | None] = field(default_factory=list)

    @property
    def has_unknown(self) -> bool:
        """Whether some datastream was not in the table."""
        return any(fault.code == "unknown" for part in self.parts for fault in part.decoded.faults)

    def add(self, decoded: Decoded, message: Message | None) -> None:
        """A part after all that came before it."""
        self.parts.append(Part(decoded, message.address.domain if message else "", DOOR))
        self.messages.append(message)


def group_decode(messages: Iterable[Message], table: StreamTable, *, limit: int) -> Group:
    """The parts of all messages; a message that is no readings becomes one fault, and spoils nobody."""
    group, run, latest = Group(), Run(table), latest_plausible()
    for message in messages:
        decoded = message_decode(message, table, limit=limit, latest=latest)
        if isinstance(decoded, tuple):
            if not message.response_topic:
                run.rows.append(decoded)
                continue
            decoded = rows_decoded([decoded], table)
        run.end(group)
        group.add(decoded, message)
    run.end(group)
    return group


@dataclass
class Run:
    """Single readings in the order in which they came."""

    table: StreamTable
    rows: list[Row] = field(default_factory=list)

    def end(self, group: Group) -> None:
        """All so far as one part."""
        if self.rows:
            group.add(rows_decoded(self.rows, self.table), None)
            self.rows = []


def rows_decoded(rows: Sequence[Row], table: StreamTable) -> Decoded:
    """Plain rows as columns."""
    streams, times, results = zip(*rows, strict=True)
    columns = np.array(streams, np.int64), np.array(times, np.int64), np.array(results, np.float64)
    return Decoded(Batch(*columns), (), table)


def message_decode(message: Message, table: StreamTable, *, limit: int, latest: int) -> Decoded | Row:
    """The readings of one message, only of streams that its device carries; one plain row as it is."""
    try:
        value = _value(message, limit)
        row = _plain_row(value, table, message.address, latest)
        return (
            row if row is not None else _own(readings_decode(value, table, message.address.domain), message)
        )
    except ProblemError as error:
        fault = Fault(0, error.field or "body", error.code, sentence_of(error))
    except Exception as error:  # noqa: BLE001  the broker would send the message again, and again
        log.warning("message_unreadable", kind=type(error).__name__)
        fault = Fault(0, "body", "unreadable", _("This message cannot be read."))
    begin = message.payload[:KEPT].decode("utf-8", "replace")
    return Decoded(EMPTY, (replace(fault, row=begin),), table)


def _own(decoded: Decoded, message: Message) -> Decoded:
    """The readings of the streams that the device carries; the others are faults."""
    table, streams = decoded.table, decoded.batch.streams.tolist()
    if all(table.things[stream] == message.address.device for stream in set(streams)):
        return decoded
    own = np.array([table.things[stream] == message.address.device for stream in streams], bool)
    batch = numbered(decoded.batch)
    detail = _("The datastream belongs to another device; publish it under that device's topic.")
    keys = table.names(batch.streams[~own].tolist())
    columns = (
        column[~own].tolist() for column in (batch.numbers(), batch.streams, batch.times, batch.results)
    )
    faults = [
        Fault(row, "datastream", "other_device", detail, row_of(keys[stream], time, result))
        for row, stream, time, result in zip(*columns, strict=True)
    ]
    return Decoded(batch.take(np.flatnonzero(own)), (*decoded.faults, *faults), table)


def _plain_row(value: Any, table: StreamTable, address: Address, latest: int) -> Row | None:
    """One reading as most devices send it; None for whatever must be looked at more closely."""
    if type(value) is not dict or len(value) != len(FIELDS):
        return None
    cells: list[Any] = [value.get(name) for name in FIELDS]
    key, moment, result = cells
    if type(moment) is not int or type(result) not in {int, float} or type(key) not in {int, str}:
        return None
    stream, moment = table.keys.get(key), moment * 1000
    if stream is None or not -EXACT < result < EXACT:
        return None
    if not table.first_of(stream) <= moment <= latest:
        return None
    own = table.things[stream] == address.device and table.domains[stream] == address.domain
    return (stream, moment, result) if own else None


def _value(message: Message, limit: int) -> Any:
    """The parsed body: its kind by the content type or, without one, by its first byte."""
    encoding = "gzip" if message.payload.startswith(GZIP_MAGIC) else ""
    if len(message.payload) > limit:
        raise too_large(limit)
    body = body_unpack(message.payload, encoding=encoding, limit=limit)
    if message.content_type:
        return body_parse(body, kind_of(message.content_type))
    return body_parse(body, JSON if body[:1] and body[0] in TEXT_BEGINS else MSGPACK)
