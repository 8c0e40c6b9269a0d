"""Blocks as Arrow record batches, joined until they are worth a row group."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from django.conf import settings
from django.utils.translation import gettext as _

from apps.core.copying import EPOCH
from apps.core.errors import ProblemError
from apps.core.spreadsheets import cell_safe
from apps.sensing.exports.plan import ExportPlan, StreamFacts
from apps.sensing.exports.reading import BLOCK, Block, blocks_read, columns_read

MOMENT = pa.timestamp("us", "UTC")
TYPES = {
    "phenomenon_time": MOMENT,
    "result": pa.float64(),
    "raw": pa.float64(),
    "quality": pa.int16(),
    "flags": pa.int16(),
    "recorded_at": MOMENT,
}


def schema(plan: ExportPlan) -> pa.Schema:
    """Names and types of the columns: the stream, its texts, then the readings."""
    columns = columns_read(plan)
    return pa.schema(
        [
            ("datastream_id", pa.int64()),
            *((name, pa.string()) for name in plan.texts),
            *((name, TYPES[name]) for name in columns),
        ]
    )


def batches(plan: ExportPlan, *, guard: bool = False) -> Iterator[pa.RecordBatch]:
    """Every row of the plan. ``guard`` quotes texts that a spreadsheet would run as a formula.

    Past the limit of rows the stream breaks off with an error, so that nobody takes a part for the whole.
    """
    waiting: list[pa.RecordBatch] = []
    given, rows = 0, 0
    for stream in plan.streams:
        for block in blocks_read(plan, stream=stream.id):
            waiting.append(_batch(plan, stream, block, guard=guard))
            given, rows = given + waiting[-1].num_rows, rows + waiting[-1].num_rows
            if given > settings.EXPORT_MOST_ROWS:
                raise ProblemError(_("The export is longer than it was thought to be; it breaks off."))
            if rows >= BLOCK:
                yield _joined(waiting)
                rows = 0
    if waiting:
        yield _joined(waiting)


def _joined(waiting: list[pa.RecordBatch]) -> pa.RecordBatch:
    joined = pa.concat_batches(waiting)
    waiting.clear()
    return joined


def _batch(plan: ExportPlan, stream: StreamFacts, block: Block, *, guard: bool) -> pa.RecordBatch:
    texts, count = {"key": stream.key, "unit": stream.unit}, len(block["phenomenon_time"])
    arrays = [pa.repeat(pa.scalar(stream.id, pa.int64()), count)]
    arrays += [pa.repeat(cell_safe(texts[name]) if guard else texts[name], count) for name in plan.texts]
    arrays += [_column(name, block) for name in columns_read(plan)]
    return pa.record_batch(arrays, schema=schema(plan))


def _column(name: str, block: Block) -> pa.Array:
    kind = TYPES[name]
    if kind == MOMENT:
        return pa.array(block[name].astype(np.int64) + EPOCH).cast(MOMENT)
    values = block[name].astype(kind.to_pandas_dtype())
    return pa.array(values, kind, mask=np.isnan(values) if kind == pa.float64() else None)
