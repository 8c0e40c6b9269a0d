"""Binary COPY of a judged batch (PostgreSQL manual, COPY, binary format), built by numpy in one piece."""

from __future__ import annotations

import numpy as np

from apps.sensing.data import Judged

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
EPOCH = 946_684_800_000_000  # PostgreSQL counts microseconds from 2000-01-01
NAMES = ("datastream_id", "phenomenon_time", "result", "quality", "flags")
COLUMNS = f"({', '.join(NAMES)})"
KINDS = {
    "datastream_id": ">i8",
    "phenomenon_time": ">i8",
    "result": ">f8",
    "quality": ">i2",
    "flags": ">i2",
    "raw": ">f8",
}


def record(names: tuple[str, ...]) -> np.dtype[np.void]:
    """One row on the wire: the number of fields, then each field behind its size in bytes."""
    cells = [((f"size_{name}", ">i4"), (name, KINDS[name])) for name in names]
    return np.dtype([("fields", ">i2"), *(cell for pair in cells for cell in pair)])


RECORDS: dict[tuple[str, ...], np.dtype[np.void]] = {
    names: record(names) for names in (NAMES, (*NAMES, "raw"))
}


def copy_names(judged: Judged) -> tuple[str, ...]:
    """The columns that a batch fills: ``raw`` only where it has raw values, in every row."""
    return NAMES if judged.raw is None else (*NAMES, "raw")


def copy_bytes(judged: Judged) -> bytes:
    """The whole COPY stream of a batch."""
    names = copy_names(judged)
    records = np.empty(len(judged.batch), RECORDS[names])
    records["fields"] = len(names)
    for name in names:
        records[f"size_{name}"] = np.dtype(KINDS[name]).itemsize
    records["datastream_id"] = judged.batch.streams
    records["phenomenon_time"] = judged.batch.times - EPOCH
    records["result"] = judged.batch.results
    records["quality"] = judged.quality
    records["flags"] = judged.flags
    if judged.raw is not None:
        records["raw"] = judged.raw
    return HEADER + records.tobytes() + TRAILER
