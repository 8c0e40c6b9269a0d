"""Small-count suppression with complementary suppression.

A hidden cell must not be solved from the margins: with what is published, it must have at least ``threshold``
possible values (audit of intervals: A. Hundepool et al., Statistical Disclosure Control, 2012, chapter 4).
The bounds are exact: they come from linear programming over a network matrix, so they are whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Grid = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Table:
    """Counts with row totals, column totals and the grand total; None is hidden."""

    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int | None

    @property
    def hidden(self) -> int:
        """How many entries are hidden, totals included."""
        every = [
            *(cell for row in self.cells for cell in row),
            *self.row_totals,
            *self.column_totals,
            self.total,
        ]
        return sum(entry is None for entry in every)


def suppressed(counts: Sequence[Sequence[int]], *, threshold: int = 5, few: Mask | None = None) -> Table:
    """The table as it may be published: no count from 1 to ``threshold`` - 1, none that can be worked out.

    What is hidden beside the small counts is, where there is a choice, the smallest of what protects. ``few``
    marks more entries to hide, totals included: those whose rows are of few people.
    """
    full = with_totals(np.asarray(counts, dtype=np.int64).reshape(len(counts), -1))
    hidden = (full > 0) & (full < threshold)
    hidden = hidden if few is None else hidden | few
    while (narrow := _first_narrow(full, hidden, threshold)) is not None:
        hidden[_complement(full, hidden, narrow, threshold)] = True
    shown = np.where(hidden, -1, full).tolist()
    return Table(
        cells=tuple(tuple(_open(cell) for cell in row[:-1]) for row in shown[:-1]),
        row_totals=tuple(_open(row[-1]) for row in shown[:-1]),
        column_totals=tuple(_open(cell) for cell in shown[-1][:-1]),
        total=_open(shown[-1][-1]),
    )


def _open(entry: int) -> int | None:
    return None if entry < 0 else entry


def with_totals(cells: Grid) -> Grid:
    """The cells with a column of row totals and a row of column totals."""
    wide = np.concatenate([cells, cells.sum(axis=1, keepdims=True)], axis=1)
    return np.concatenate([wide, wide.sum(axis=0, keepdims=True)], axis=0)


def intervals(full: Grid, hidden: Mask) -> dict[tuple[int, int], tuple[int, int]]:
    """For each hidden entry the least and the largest value that fits everything published."""
    places = [(int(row), int(column)) for row, column in np.argwhere(hidden)]
    return {place: _bounds(full, places, place) for place in places}


def _bounds(full: Grid, places: list[tuple[int, int]], place: tuple[int, int]) -> tuple[int, int]:
    from scipy.optimize import linprog

    matrix, right = _equations(full, places)
    cost = np.zeros(len(places))
    cost[places.index(place)] = 1.0
    most = float(full[-1, -1]) * 2 + 10  # an open total has no bound of its own
    ends: list[int] = []
    for sign in (1.0, -1.0):
        found: Any = linprog(sign * cost, A_eq=matrix, b_eq=right, bounds=(0, most), method="highs")
        ends.append(round(sign * float(found.fun)))
    return ends[0], ends[1]


def _equations(full: Grid, places: list[tuple[int, int]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Parts minus total is zero, for each row and column that has something hidden."""
    index = {place: number for number, place in enumerate(places)}
    rows, columns = full.shape
    lines = [[(row, column) for column in range(columns)] for row in range(rows)]
    lines += [[(row, column) for row in range(rows)] for column in range(columns)]
    matrix, right = [], []
    for line in lines:
        if not any(place in index for place in line):
            continue
        signs = [1.0] * (len(line) - 1) + [-1.0]
        coefficients, known = np.zeros(len(places)), 0.0
        for place, sign in zip(line, signs, strict=True):
            if place in index:
                coefficients[index[place]] = sign
            else:
                known += sign * float(full[place])
        matrix.append(coefficients)
        right.append(-known)
    return np.array(matrix), np.array(right)


def _first_narrow(full: Grid, hidden: Mask, threshold: int) -> tuple[int, int] | None:
    """A hidden entry with fewer than ``threshold`` possible values: by counting, then by exact bounds."""
    for axis in (0, 1):
        lonely = np.argwhere(hidden & (hidden.sum(axis=1 - axis, keepdims=True) == 1))
        if len(lonely):
            return int(lonely[0][0]), int(lonely[0][1])
    found = intervals(full, hidden)
    return next((place for place, (low, high) in found.items() if high - low + 1 < threshold), None)


def _complement(full: Grid, hidden: Mask, narrow: tuple[int, int], threshold: int) -> tuple[int, int]:
    """The entry to hide beside ``narrow``: the smallest in its row or column, cells before totals."""
    row, column = narrow
    rows, columns = full.shape
    lines = [(row, other) for other in range(columns)] + [(other, column) for other in range(rows)]
    lonely = [line for line in _lonely_lines(hidden, narrow, rows, columns) if line]
    choice = [place for place in (lonely[0] if lonely else lines) if not hidden[place]]
    every = [(int(a), int(b)) for a, b in np.argwhere(~hidden)]
    return min(choice or every, key=lambda place: _price(full, place, threshold))


def _lonely_lines(
    hidden: Mask, place: tuple[int, int], rows: int, columns: int
) -> list[list[tuple[int, int]]]:
    row, column = place
    found = []
    if hidden[row].sum() == 1:
        found.append([(row, other) for other in range(columns)])
    if hidden[:, column].sum() == 1:
        found.append([(other, column) for other in range(rows)])
    return found


def _price(full: Grid, place: tuple[int, int], threshold: int) -> tuple[bool, bool, int]:
    """Cells before totals, cells that leave room before those that do not, the smallest first."""
    is_total = place[0] == full.shape[0] - 1 or place[1] == full.shape[1] - 1
    return is_total, int(full[place]) < threshold, int(full[place])
