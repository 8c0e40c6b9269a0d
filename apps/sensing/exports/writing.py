"""Record batches as the bytes of a file, piece by piece."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from apps.sensing.exports.batches import batches, schema
from apps.sensing.exports.plan import ExportPlan

RFC3339 = "%Y-%m-%dT%H:%M:%SZ"


class Pipe(io.RawIOBase):
    """A file that gives away what was written to it; it only counts, and forgets."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._length = 0

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: Any) -> int:
        """Keep the bytes until they are taken."""
        part = bytes(memoryview(data))
        self._parts.append(part)
        self._length += len(part)
        return len(part)

    def tell(self) -> int:
        """How many bytes have been written in all."""
        return self._length

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


def csv_chunks(plan: ExportPlan) -> Iterator[bytes]:
    """UTF-8 with a header; times as RFC 3339, texts that look like formulas quoted."""
    yield (",".join(schema(plan).names) + "\n").encode()
    options = csv.WriteOptions(include_header=False, quoting_style="needed")
    for batch in batches(plan, guard=True):
        pipe = pa.BufferOutputStream()
        csv.write_csv(_readable(batch), pipe, options)
        yield pipe.getvalue().to_pybytes()


def _readable(batch: pa.RecordBatch) -> pa.RecordBatch:
    columns = [
        pc.strftime(column, RFC3339) if pa.types.is_timestamp(column.type) else column
        for column in batch.columns
    ]
    return pa.record_batch(columns, names=batch.schema.names)


def parquet_chunks(plan: ExportPlan) -> Iterator[bytes]:
    """A row group a batch, zstd."""
    pipe = Pipe()
    with pq.ParquetWriter(pipe, schema(plan), compression="zstd") as writer:
        for batch in batches(plan):
            writer.write_batch(batch)
            yield pipe.take()
    yield pipe.take()


def arrow_chunks(plan: ExportPlan) -> Iterator[bytes]:
    """The Arrow IPC stream format."""
    pipe = Pipe()
    with pa.ipc.new_stream(pipe, schema(plan)) as writer:
        for batch in batches(plan):
            writer.write_batch(batch)
            yield pipe.take()
    yield pipe.take()


FORMATS: dict[str, tuple[str, Callable[[ExportPlan], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", csv_chunks),
    "parquet": ("application/vnd.apache.parquet", parquet_chunks),
    "arrow": ("application/vnd.apache.arrow.stream", arrow_chunks),
}
