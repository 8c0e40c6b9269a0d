"""Every benchmark runs from a fresh clone: its smallest size, whose figures mean nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from benchmarks.privacy import NAMES as OF_PRIVACY
from benchmarks.sensing import LONG
from benchmarks.sensing import NAMES as OF_SENSING
from tests.clusters import ROOT
from tests.shared import shared_data

KEYS = ["bench", "figure", "ours", "reference", "unit", "ratio", "goal", "holds"]
NUMBER = int | float
SERIES = {"privacy", "sensing"}  # run others, one after the other
DATA = {"detectors": ".", "forecast": "los_loop", "routing": "scheduling/vrptw"}  # below the shared data
PROGRAMS = sorted(
    path.stem
    for path in (ROOT / "benchmarks").glob("*.py")
    if '__name__ == "__main__"' in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name not in SERIES])
def test_a_benchmark_runs_and_prints_nothing_but_figures(name: str) -> None:
    data = {"DATA": str(shared_data(DATA[name]))} if name in DATA else {}
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}"],
        cwd=ROOT,
        env=os.environ | {"BENCH_SMALLEST": "yes", "PYTHONWARNINGS": ""} | data,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-4000:]
    figures = [json.loads(line) for line in done.stdout.splitlines()]
    assert figures
    for figure in figures:
        assert list(figure) == KEYS
        assert isinstance(figure["bench"], str)
        assert figure["figure"]
        assert isinstance(figure["ours"], NUMBER)
        assert isinstance(figure["holds"], bool)
        assert isinstance(figure["reference"], NUMBER | None)
        assert (figure["ratio"] is None) == (not figure["reference"])


def test_a_series_runs_benchmarks_that_there_are() -> None:
    assert {*OF_SENSING, *LONG, *(f"privacy_{name}" for name in OF_PRIVACY)} <= {*PROGRAMS}
