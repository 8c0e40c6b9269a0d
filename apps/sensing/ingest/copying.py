"""Binary COPY of a judged batch (PostgreSQL manual, COPY, binary format), built by numpy in one piece."""

from __future__ import annotations

import numpy as np

from apps.sensing.data import Judged

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
EPOCH = 946_684_800_000_000  # PostgreSQL counts microseconds from 2000-01-01
COLUMNS = "(datastream_id, phenomenon_time, result, quality, flags)"
RECORD = np.dtype(
    [
        ("fields", ">i2"),
        ("size_stream", ">i4"),
        ("stream", ">i8"),
        ("size_time", ">i4"),
        ("time", ">i8"),
        ("size_result", ">i4"),
        ("result", ">f8"),
        ("size_quality", ">i4"),
        ("quality", ">i2"),
        ("size_flags", ">i4"),
        ("flags", ">i2"),
    ]
)


def copy_bytes(judged: Judged) -> bytes:
    """The whole COPY stream of a batch."""
    records = np.empty(len(judged.batch), RECORD)
    records["fields"] = 5
    for name, size in (("stream", 8), ("time", 8), ("result", 8), ("quality", 2), ("flags", 2)):
        records[f"size_{name}"] = size
    records["stream"] = judged.batch.streams
    records["time"] = judged.batch.times - EPOCH
    records["result"] = judged.batch.results
    records["quality"] = judged.quality
    records["flags"] = judged.flags
    return HEADER + records.tobytes() + TRAILER
