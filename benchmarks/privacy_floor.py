"""What row security and encrypted fields add to a page of 100 patients; FLOOR_PATIENTS in 3 divisions.

The reference of each page is the same query without a policy and without the execute wrapper.
"""

from __future__ import annotations

import json

from benchmarks.figures import Figure
from tests.faults.bare import bare_running

RUN = "from benchmarks.privacy_floor_steps import steps; print(steps())"


def main() -> None:
    """Measure, print, clean up."""
    with bare_running("bench-floor", streams=1) as bare:
        found = json.loads(bare.stack.manage("shell", "--verbosity", "0", "-c", RUN))
    for name in ("patients, whole city", "patients, one division", "encounters, one division"):
        with_floor, without = found[f"{name}, floor"], found[f"{name}, plain"]
        Figure("floor", f"page of 100 {name}", with_floor, "ms", reference=without).show()
    for name in ("open 400 values", "encrypt 400 values", "find by telephone", "insert 100 patients"):
        Figure("floor", name, found[name], "ms").show()
    Figure("floor", "request of 100 patients through REST", found["request of 100 patients"], "ms").show()
    Figure("floor", "of it row security and decryption", found["share"], "%", goal=15, at_most=True).show()


if __name__ == "__main__":
    main()
