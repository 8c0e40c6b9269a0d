"""Rows of several senders in one transaction, and what happens when one of them spoils it.

A lost connection is the caller's to try again: replay changes nothing. Whatever else fails is looked for by
halves until a single row is found; that row goes to quarantine, and all others are stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import psycopg
import structlog

from apps.core.sentences import sentence as _
from apps.sensing.data import EMPTY, Batch, Conflict, Door, Fault, Quality, Stored
from apps.sensing.ingest.announcing import readings_announce
from apps.sensing.ingest.decoding import Decoded
from apps.sensing.ingest.quarantine import conflicts_keep, faults_keep, row_of
from apps.sensing.ingest.streams import KnownStreams
from apps.sensing.ingest.writing import Written, batch_write, conflicts_of

LIMIT_CLASS = "54"  # of SQLSTATE: more than the database can hold in a row or a statement
REFUSED = "refused"
Connection = psycopg.Connection[Any]
log = structlog.get_logger("sensing")


@dataclass(frozen=True, slots=True)
class Part:
    """What one sender has sent at once."""

    decoded: Decoded
    domain: str  # of the faults; "" when there are none and each row goes by its datastream
    door: Door

    def __len__(self) -> int:
        return len(self.decoded.batch) + len(self.decoded.faults)

    def halves(self) -> list[Part]:
        """The part in two; the faults apart from the rows where it has both."""
        batch, faults, table = self.decoded.batch, self.decoded.faults, self.decoded.table
        if len(batch) and faults:
            cut = [Decoded(batch, (), table), Decoded(EMPTY, faults, table)]
        elif faults:
            middle = len(faults) // 2
            cut = [Decoded(EMPTY, faults[:middle], table), Decoded(EMPTY, faults[middle:], table)]
        else:
            rows = np.array_split(np.arange(len(batch)), 2)
            cut = [Decoded(numbered(batch).take(half), (), table) for half in rows]
        return [replace(self, decoded=decoded) for decoded in cut]


def numbered(batch: Batch) -> Batch:
    """The batch with the numbers of its rows, so that they stay known in parts of it."""
    return replace(batch, rows=batch.numbers())


def parts_write(connection: Connection, parts: Sequence[Part], known: KnownStreams) -> list[Stored]:
    """Commit the parts and say what became of each; what the database refuses goes to quarantine.

    Raises what says nothing about the rows: a lost connection, a full disk, a database that is only read.
    """
    try:
        return _write(connection, parts, known)
    except Exception as error:
        if not is_of_rows(error) or not any(map(len, parts)):
            raise
        log.warning("group_refused", kind=type(error).__name__, parts=len(parts), rows=sum(map(len, parts)))
        if len(parts) == 1 and len(parts[0]) == 1:
            return [_set_aside(connection, parts[0], error)]
    if len(parts) == 1:
        first, second = (parts_write(connection, [half], known)[0] for half in parts[0].halves())
        return [first + second]
    middle = len(parts) // 2
    return parts_write(connection, parts[:middle], known) + parts_write(connection, parts[middle:], known)


def is_of_rows(error: Exception) -> bool:
    """Whether the fault lies in what was to be written: then trying again would not help."""
    if not isinstance(error, psycopg.Error):
        return not isinstance(error, OSError)
    if isinstance(error, psycopg.DataError | psycopg.IntegrityError):
        return True
    # without a state it is the driver itself that cannot send the value
    return (
        error.sqlstate[:2] == LIMIT_CLASS if error.sqlstate else isinstance(error, psycopg.ProgrammingError)
    )


def _write(connection: Connection, parts: Sequence[Part], known: KnownStreams) -> list[Stored]:
    with connection.transaction(), connection.cursor() as cursor:
        written = batch_write(cursor, [part.decoded for part in parts], known)
        found = shares_of([part.decoded for part in parts], written)
        for part, stored in zip(parts, found, strict=True):
            if stored.faults:
                faults_keep(cursor, stored.faults, domain=part.domain, door=part.door)
            conflicts_keep(cursor, stored.conflicts, part.decoded.table, door=part.door)
    known.remember(written.seen)
    readings_announce(written.news)
    return found


def shares_of(parts: Sequence[Decoded], written: Written) -> list[Stored]:
    """Each sender's own counts; of equal rows in one group the first sender's is the new one."""
    lengths = [len(part.batch) for part in parts]
    owners = np.repeat(np.arange(len(parts)), lengths)
    counts = np.bincount(owners[written.order[written.is_new]], minlength=len(parts)).tolist()
    conflicts = _conflicts_by_owner(parts, written, owners)
    is_bad = written.is_new & (written.judged.quality == Quality.BAD)
    bad = np.bincount(owners[written.order[is_bad]], minlength=len(parts)).tolist()
    return [
        Stored(count, length - count - len(others), part.faults, others, worse)
        for number, (part, count, length, worse) in enumerate(zip(parts, counts, lengths, bad, strict=True))
        for others in [conflicts.get(number, ())]
    ]


def _conflicts_by_owner(
    parts: Sequence[Decoded], written: Written, owners: Any
) -> dict[int, tuple[Conflict, ...]]:
    if not len(written.conflicts):
        return {}
    starts = np.cumsum([0, *(len(part.batch) for part in parts)])
    found = {}
    whose = owners[written.conflicts]
    for number in np.unique(whose).tolist():
        mine = whose == number
        rows = written.conflicts[mine] - starts[number]
        found[number] = conflicts_of(parts[number].batch, rows, written.kept[mine])
    return found


def _set_aside(connection: Connection, part: Part, error: Exception) -> Stored:
    """One row, or one fault, into quarantine with the reason; as text without the row if even that fails."""
    fault, domain = _refusal(part, error), part.domain
    if not domain and len(part.decoded.batch):
        domain = part.decoded.table.domains[int(part.decoded.batch.streams[0])]
    try:
        with connection.transaction(), connection.cursor() as cursor:
            faults_keep(cursor, [fault], domain=domain, door=part.door)
    except (psycopg.DataError, psycopg.ProgrammingError) as second:
        if second.sqlstate is not None and not isinstance(second, psycopg.DataError):
            raise
        with connection.transaction(), connection.cursor() as cursor:
            faults_keep(cursor, [replace(fault, row="")], domain=domain, door=part.door)
    return Stored(0, 0, (fault,))


def _refusal(part: Part, error: Exception) -> Fault:
    name = getattr(error, "sqlstate", None) or type(error).__name__
    detail = _("The database refuses this row (%(reason)s); the others were stored.") % {"reason": name}
    batch = part.decoded.batch
    if not len(batch):
        return replace(part.decoded.faults[0], code=REFUSED, detail=detail)
    stream, time, result = int(batch.streams[0]), int(batch.times[0]), float(batch.results[0])
    return Fault(int(batch.numbers()[0]), "row", REFUSED, detail, row_of(stream, time, result))
