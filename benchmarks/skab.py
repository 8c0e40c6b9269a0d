"""The Skoltech Anomaly Benchmark, outlier protocol: learn from a file's first 400 rows, judge the rest."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
LEARNT = 400  # rows
SENSORS = 8
FOLDERS = ("valve1", "valve2", "other")


@dataclass(frozen=True, slots=True)
class Run:
    """One experiment: rows (n, 8), one a second, and which of them are anomalous."""

    rows: Floats
    is_anomaly: Mask


@dataclass(frozen=True, slots=True)
class Verdict:
    """F1, and the shares of false and of missed alarms in percent, over all rows judged."""

    f1: float
    false_alarms: float
    missed: float


def runs_read(folder: Path) -> list[Run]:
    """The 34 labelled experiments."""
    return [_run(path) for part in FOLDERS for path in sorted((folder / "data" / part).glob("*.csv.gz"))]


def _run(path: Path) -> Run:
    with gzip.open(path, "rt") as file:
        next(file)
        cells = np.array([line.split(";")[1:] for line in file], np.float64)
    return Run(cells[:, :SENSORS], cells[:, SENSORS] > 0)


def verdict(runs: Sequence[Run], detect: Callable[[Floats], Mask]) -> Verdict:
    """The score of a detector, which gets all rows of a file and must learn from the first ``LEARNT``."""
    found = np.concatenate([detect(run.rows)[LEARNT:] for run in runs])
    truth = np.concatenate([run.is_anomaly[LEARNT:] for run in runs])
    hits, alarms, misses = (found & truth).sum(), (found & ~truth).sum(), (~found & truth).sum()
    return Verdict(
        f1=float(2 * hits / (2 * hits + alarms + misses)),
        false_alarms=float(100 * alarms / (~truth).sum()),
        missed=float(100 * misses / truth.sum()),
    )
