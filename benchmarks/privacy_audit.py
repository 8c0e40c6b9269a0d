"""The access log: what an entry costs a request, how fast the chain grows, who saw one record of millions.

Requests are answered in one process with and without the recording middleware, turn by turn, on PostgreSQL
with the settings of production. ``ARGS=10000000`` fills the log with that many entries for the last question.
"""

from __future__ import annotations

import json
import sys

from benchmarks.figures import Figure
from benchmarks.sizes import size
from tests.faults.bare import Bare, bare_running

ROWS = size(200_000, 2000)
GOAL_COST, GOAL_SECONDS = 1.10, 1.0
COST = "from benchmarks.privacy_audit_inside import cost; print(cost())"
SEEN = "from benchmarks.privacy_audit_inside import seen; print(seen({rows}))"


def main() -> None:
    """Each figure on a line."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with bare_running("audit", streams=50) as bare:
        for name, (with_entry, without) in json.loads(_inside(bare, COST)).items():
            Figure("audit", f"{name}, p50", with_entry, "ms", without, GOAL_COST, at_most=True).show()
        found = json.loads(_inside(bare, SEEN.format(rows=rows)))
    Figure("audit", "entries sealed", found["sealed"], "1/s").show()
    Figure("audit", "entries verified", found["verified"], "1/s").show()
    name = f"who saw this record, {rows:,} entries, slowest of {found['asked']}"
    Figure("audit", name, found["seconds"], "s", goal=GOAL_SECONDS, at_most=True).show()


def _inside(bare: Bare, code: str) -> str:
    return bare.stack.manage("shell", "--verbosity", "0", "-c", code).splitlines()[-1]


if __name__ == "__main__":
    main()
