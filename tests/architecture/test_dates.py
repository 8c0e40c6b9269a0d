"""The run on awkward days: which tests it takes, and the clock that it moves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from tests.dates import HERE, MOMENTS, clock_build, reads_clock

CHILD = "import time, threading; threading.Event().wait(0.05); time.sleep(0.05); print(time.time())"


@pytest.mark.parametrize(
    ("name", "reads"),
    [
        ("e2e/test_a_day.py", True),  # the demonstration lives by the clock of the machine
        ("catalogue/test_walk.py", True),
        ("portal/test_acts.py", True),  # its builders read the clock
        ("scheduling/test_vrptw.py", False),
        ("core/test_units.py", False),
    ],
)
def test_a_test_that_reads_the_clock_is_found_by_itself_or_by_its_helpers(name: str, *, reads: bool) -> None:
    assert reads_clock(HERE / name) is reads


def test_the_moments_hold_every_day_that_was_asked_for() -> None:
    moments = [datetime.fromisoformat(text) for text in MOMENTS]
    assert {0, 5, 6} <= {moment.weekday() for moment in moments}
    days = {(moment.month, moment.day) for moment in moments}
    assert {(12, 31), (1, 1), (2, 28), (2, 29)} <= days
    assert {0, 8} == {round(moment.utcoffset().total_seconds() / 3600) for moment in moments}  # type: ignore[union-attr]
    assert {0, 23} <= {moment.hour for moment in moments}


@pytest.mark.skipif(not (shutil.which("cc") or shutil.which("gcc")), reason="no C compiler here")
def test_the_moved_clock_moves_the_date_and_no_wait(tmp_path: Path) -> None:
    environment = os.environ | {"LD_PRELOAD": str(clock_build(tmp_path)), "CLOCK_SHIFT": "86400"}
    command = [sys.executable, "-c", CHILD]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    true = time.time() - int(os.environ.get("CLOCK_SHIFT", "0"))  # this run may live on another day itself
    assert 86_300 < float(done.stdout) - true < 86_500
