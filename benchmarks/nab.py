"""The scoring of the Numenta Anomaly Benchmark, from its definition (Lavin and Ahmad 2015, arXiv:1510.03336).

A detection inside a labelled window counts once, the earlier the more (a sigmoid over the window); outside
it costs, the further behind the last window the more. The threshold is the one that scores best, which is
part of the protocol; 0 is the detector that says nothing and 100 the perfect one.
"""

from __future__ import annotations

import csv
import gzip
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
PROBATION = 0.15  # of a series, at most of 5,000 rows: not scored
FAR = 3.0  # window lengths behind a window: a full false alarm
GAUSSIAN_WINDOW, GAUSSIAN_STEP, GAUSSIAN_DIGITS = 6400, 100, 12


class Profile(NamedTuple):
    """What a false alarm and a missed window cost; a window that is found counts 1."""

    false_alarm: float
    missed: float


PROFILES = {
    "standard": Profile(0.11, 1.0),
    "reward_low_FP_rate": Profile(0.22, 1.0),
    "reward_low_FN_rate": Profile(0.11, 2.0),
}


@dataclass(frozen=True, slots=True)
class Series:
    """One labelled series; ``windows`` are (first row, last row)."""

    name: str
    values: Floats
    windows: tuple[tuple[int, int], ...]

    @property
    def probation(self) -> int:
        """Rows at the beginning that are not scored."""
        return int(min(math.floor(PROBATION * len(self.values)), PROBATION * 5000))


def corpus_read(folder: Path) -> list[Series]:
    """All 58 series with their windows."""
    labels = json.loads((folder / "labels" / "combined_windows.json").read_text())
    return [
        _series(folder / "data" / f"{name}.gz", name, windows) for name, windows in sorted(labels.items())
    ]


def _series(path: Path, name: str, windows: list[list[str]]) -> Series:
    with gzip.open(path, "rt") as file:
        rows = list(csv.reader(file))[1:]
    moments = {row[0].split(".")[0]: number for number, row in reversed(list(enumerate(rows)))}
    spans = tuple((moments[start.split(".")[0]], moments[end.split(".")[0]]) for start, end in windows)
    return Series(name, np.array([float(row[1]) for row in rows]), spans)


def _sigmoid(position: Floats) -> Floats:
    """1 at the left edge of a window (-1), 0 at its right edge (0), -1 far behind it."""
    near: Floats = 2 / (1 + np.exp(5 * np.minimum(position, FAR))) - 1
    return np.where(position >= FAR, -1.0, near)


def row_worths(series: Series, profile: Profile) -> tuple[Floats, Integers]:
    """What a detection at each row is worth, and the number of its window (-1 outside)."""
    rows = np.arange(len(series.values))
    position, window = np.full(len(rows), FAR), np.full(len(rows), -1)
    for number, (start, end) in enumerate(series.windows):
        behind = rows[end + 1 :]
        position[behind] = (behind - end) / (end - start)
        inside = slice(start, end + 1)
        position[inside], window[inside] = -(end - rows[inside] + 1) / (end - start + 1), number
    worth = _sigmoid(position)
    left_edge = float(_sigmoid(np.array(-1.0)))
    return np.where(window >= 0, worth / left_edge, worth * profile.false_alarm), window


def corpus_score(corpus: Sequence[Series], scores: Sequence[Floats], profile: Profile) -> float:
    """The normalised score of a detector: its scores (one column a series) at the best threshold."""
    parts, count = [], 0
    for series, column in zip(corpus, scores, strict=True):
        worth, window = row_worths(series, profile)
        rows = slice(series.probation, None)
        parts.append((column[rows], worth[rows], np.where(window >= 0, window + count, -1)[rows]))
        count += len(series.windows)
    score, worth, window = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(-score, kind="stable")
    score, worth, window = score[order], worth[order], window[order]
    gains = np.where(window < 0, worth, 0.0)
    for number in range(count):
        rows_of = np.flatnonzero(window == number)
        best = np.maximum.accumulate(np.concatenate([[-profile.missed], worth[rows_of]]))
        gains[rows_of] = np.diff(best)
    is_threshold = np.append(score[1:] != score[:-1], True)
    null = -profile.missed * count
    reached = max(null, float((null + np.cumsum(gains))[is_threshold].max()))
    return 100 * (reached - null) / (count - null)


def windowed_gaussian(values: Floats) -> Floats:
    """NAB's own simple detector, by which this scoring is checked: it is published with 39.65."""
    scores, start, end = np.zeros(len(values)), 0, 0
    mean = deviation = 0.0
    for row, value in enumerate(values.tolist()):
        if end:
            high = 2 * mean - value if value < mean else value
            scores[row] = 1 - 0.5 * math.erfc((high - mean) / deviation / 1.4142)
        if row < GAUSSIAN_WINDOW:
            end = row + 1
        elif (row + 1 - GAUSSIAN_WINDOW) % GAUSSIAN_STEP == 0:
            start, end = start + GAUSSIAN_STEP, row + 1
        else:
            continue
        mean, deviation = float(np.mean(values[start:end])), float(np.std(values[start:end])) or 1e-6
    return scores.round(GAUSSIAN_DIGITS)  # as its published results were written
