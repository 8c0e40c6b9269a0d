"""Binary COPY (PostgreSQL manual, COPY, binary format) of whole columns, built by numpy in one piece."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
EPOCH = 946_684_800_000_000  # PostgreSQL counts microseconds from 2000-01-01


@lru_cache(maxsize=64)
def record(cells: tuple[tuple[str, str], ...]) -> np.dtype[np.void]:
    """One row on the wire: the number of fields, then each field behind its size in bytes."""
    pairs = [((f"size_{name}", ">i4"), (name, kind)) for name, kind in cells]
    return np.dtype([("fields", ">i2"), *(cell for pair in pairs for cell in pair)])


def copy_stream(columns: Mapping[str, NDArray[Any]], *, kinds: Mapping[str, str]) -> bytes:
    """The whole COPY stream of columns of one length, none of which holds NULL.

    ``kinds`` has numpy's type of each column on the wire, such as ``>i8``; times are microseconds from 1970
    and lie in ``columns`` less ``EPOCH``.
    """
    length = len(next(iter(columns.values())))
    records = np.empty(length, record(tuple((name, kinds[name]) for name in columns)))
    records["fields"] = len(columns)
    for name, values in columns.items():
        records[f"size_{name}"] = np.dtype(kinds[name]).itemsize
        records[name] = values
    return HEADER + records.tobytes() + TRAILER
