"""A day of observations to the lake, back again, and a restore drill; beside PostgreSQL's own programs.

The reference of the export is the same COPY thrown away, that of the restore an INSERT of the same rows into
the keyed table. Production settings (fsync on). LAKE_ROWS says how many rows a day has.
"""

from __future__ import annotations

import json
import os

from benchmarks.figures import Figure
from benchmarks.sizes import size
from tests.faults.bare import Bare, bare_running

STREAMS = size(1000, 10)
ROWS = int(os.environ.get("LAKE_ROWS", size("2_000_000", "10_000")))
DAY = "2026-09-01"
FILL = """
    INSERT INTO sensing_observation (datastream_id, phenomenon_time, result, quality, flags, recorded_at)
    SELECT id, timestamptz '{day} 00:00Z' + step * interval '1 day' / {steps},
           round((400 + 100 * random())::numeric, 2), 0, 0, '{day} 12:00Z'
      FROM sensing_datastream, generate_series(0, {steps} - 1) step
"""
PARTITION = """
    CREATE TABLE IF NOT EXISTS sensing_observation_202609 PARTITION OF sensing_observation
       FOR VALUES FROM ('2026-09-01 00:00+00') TO ('2026-10-01 00:00+00')
"""
RUN = "from benchmarks.archive_steps import steps; print(steps({day!r}))"


def main() -> None:
    """Measure, print, clean up."""
    with bare_running("bench-archive", streams=STREAMS) as bare:
        bare.stack.sql(PARTITION)
        bare.stack.sql(FILL.format(day=DAY, steps=ROWS // STREAMS))
        bare.stack.sql("ANALYZE sensing_observation")
        found = json.loads(bare.stack.manage("shell", "--verbosity", "0", "-c", RUN.format(day=DAY)))
        rate("export", found, "export", "copy_out")
        rate("verify", found, "verify", "copy_out")
        rate("restore", found, "restore", "copy_in")
        added = found["memory"] - found["before"]
        Figure("archive", "memory that an export adds", added, "MB", goal=400, at_most=True).show()
        Figure("archive", "bytes a row in the lake", found["bytes"] / ROWS, "B").show()
        drill(bare)


def rate(name: str, found: dict[str, float], ours: str, reference: str) -> None:
    """Rows a second of a step beside those of its reference."""
    Figure("archive", f"{name}, {ROWS} rows", ROWS / found[ours], "rows/s", ROWS / found[reference]).show()


def drill(bare: Bare) -> None:
    """Seconds of a backup and of a restore drill of everything."""
    bare.stack.manage("backup")
    bare.stack.manage("restore_drill")
    question = "SELECT extract(epoch FROM ended_at - started_at)::float8, {} FROM {}"
    seconds, size = bare.stack.sql(question.format("size", "archive_backup"))[0]
    Figure("archive", f"base backup of {size / 1e6:.0f} MB, verified", seconds, "s").show()
    seconds, rows = bare.stack.sql(question.format("rows", "archive_drillreport"))[0]
    Figure("archive", f"restore drill, {rows} rows compared", seconds, "s").show()


if __name__ == "__main__":
    main()
