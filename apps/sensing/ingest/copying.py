"""Binary COPY of a judged batch."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from apps.core.copying import EPOCH, copy_stream
from apps.sensing.data import Judged

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


def copy_names(judged: Judged) -> tuple[str, ...]:
    """The columns that a batch fills: ``raw`` only where it has raw values, in every row."""
    return NAMES if judged.raw is None else (*NAMES, "raw")


def copy_bytes(judged: Judged) -> bytes:
    """The whole COPY stream of a batch."""
    columns: dict[str, NDArray[Any]] = {
        "datastream_id": judged.batch.streams,
        "phenomenon_time": judged.batch.times - EPOCH,
        "result": judged.batch.results,
        "quality": judged.quality,
        "flags": judged.flags,
    }
    if judged.raw is not None:
        columns["raw"] = judged.raw
    return copy_stream(columns, kinds=KINDS)
