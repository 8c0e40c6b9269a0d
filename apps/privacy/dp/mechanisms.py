"""The answer to a question over bounded rows, and the error to expect before and after.

Sensitivities, all for adding or removing one person with at most k rows: a vector of counts changes by k
in L1, a vector of sums by k * max(|low|, |high|), because the k rows fall into the cells but no row into
two. The loss of a mechanism that looks at one cell is linear in the rows that it sees, so that the losses
of the cells add up to the loss for k rows (parallel composition by rows).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from apps.privacy.dp.bounding import Row, rows_bounded, steps
from apps.privacy.dp.noise import DOUBT, Laplace, laplace
from apps.privacy.dp.quantiles import Quantile, quantile
from apps.privacy.dp.question import Measure, Question

Cells = Mapping[str, list[int]]  # the bounded values of each cell, in steps


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of an answer; it is within ``radius`` of the true one in 95 of 100 releases.

    ``radius`` has the unit of the value; for a quantile it counts rows by which the rank may be off.
    """

    key: str
    value: float
    radius: float


def answer(question: Question, rows: Iterable[Row], *, key: bytes) -> tuple[Cell, ...]:
    """The answer with fresh noise; its loss is at most ``question.epsilon`` for any one person."""
    return MECHANISMS[question.measure](question, _cells(question, rows, key))


def expected_radius(question: Question, *, rows: int) -> float:
    """The radius of each cell if the answer rests on ``rows`` rows, spread evenly; looks at no data."""
    count = max(1, rows // len(question.cells))
    if question.measure is Measure.QUANTILE:
        return _quantile(question).radius()
    if question.measure is Measure.MEAN:
        return _mean_radius(question, *_mean_noises(question), count)
    return _noise(question).radius() / _parts(question)


def _cells(question: Question, rows: Iterable[Row], key: bytes) -> Cells:
    """Clamped values by cell. Rows without a value or outside the public keys are in no cell."""
    found: dict[str, list[int]] = {name: [] for name in question.cells}
    for row in rows_bounded(rows, most=question.rows_per_person, key=key):
        if question.column and row.value is None:
            continue
        value = 0
        if row.value is not None:
            value = steps(row.value, parts=question.parts, low=question.low, high=question.high)
        name = _bin(question, value) if question.edges else row.group
        if name in found:
            found[name].append(value)
    return found


def _bin(question: Question, value: int) -> str:
    """The lower border of the bin: [edge, next edge); the last bin holds its upper border too."""
    inside = [edge for edge in question.edges[:-1] if edge <= value]
    return str(Fraction(inside[-1] if inside else question.edges[0], question.parts))


def _counts(question: Question, cells: Cells) -> tuple[Cell, ...]:
    noise = _noise(question)
    noisy = noise.noisy([len(values) for values in cells.values()])
    return tuple(Cell(name, count, noise.radius()) for name, count in zip(cells, noisy, strict=True))


def _sums(question: Question, cells: Cells) -> tuple[Cell, ...]:
    noise, parts = _noise(question), question.parts
    noisy = noise.noisy([sum(values) for values in cells.values()])
    return tuple(
        Cell(name, total / parts, noise.radius() / parts) for name, total in zip(cells, noisy, strict=True)
    )


def _means(question: Question, cells: Cells) -> tuple[Cell, ...]:
    """Noisy sum of distances from the middle of the bounds over a noisy count, half of epsilon each."""
    sums, counts = _mean_noises(question)
    middle = _middle(question)
    totals = sums.noisy([sum(value - middle for value in values) for values in cells.values()])
    numbers = counts.noisy([len(values) for values in cells.values()])
    found = []
    for name, total, count in zip(cells, totals, numbers, strict=True):
        value = min(max(middle + total / max(count, 1), question.low), question.high)
        found.append(Cell(name, value / question.parts, _mean_radius(question, sums, counts, count)))
    return tuple(found)


def _quantiles(question: Question, cells: Cells) -> tuple[Cell, ...]:
    picker = _quantile(question)
    return tuple(
        Cell(name, picker.of(values) / question.parts, picker.radius()) for name, values in cells.items()
    )


def _noise(question: Question) -> Laplace:
    """The noise of counts and sums."""
    reach = max(abs(question.low), abs(question.high)) if question.measure is Measure.SUM else 1
    return laplace(question.rows_per_person * max(reach, 1), question.epsilon)


def _parts(question: Question) -> int:
    return question.parts if question.measure is Measure.SUM else 1


def _middle(question: Question) -> int:
    return (question.low + question.high) // 2


def _mean_noises(question: Question) -> tuple[Laplace, Laplace]:
    """The noise of the centred sum and of the count."""
    reach, half = max(question.high - _middle(question), 1), question.epsilon / 2
    return laplace(question.rows_per_person * reach, half), laplace(question.rows_per_person, half)


def _mean_radius(question: Question, sums: Laplace, counts: Laplace, count: int) -> float:
    """|(S + s) / (N + n) - S / N| = |s - n S / N| / (N + n) <= (r_s + r_n reach) / (N + n).

    Each noise exceeds its radius with a chance of half the doubt; no mean is further off than the bounds
    are apart.
    """
    reach, widest = question.high - _middle(question), question.high - question.low
    off = (sums.radius(DOUBT / 2) + counts.radius(DOUBT / 2) * reach) / max(count, 1)
    return min(off, widest) / question.parts


def _quantile(question: Question) -> Quantile:
    return quantile(
        low=question.low,
        high=question.high,
        level=question.level,
        rows=question.rows_per_person,
        epsilon=question.epsilon,
    )


MECHANISMS: dict[Measure, Callable[[Question, Cells], tuple[Cell, ...]]] = {
    Measure.COUNT: _counts,
    Measure.HISTOGRAM: _counts,
    Measure.SUM: _sums,
    Measure.MEAN: _means,
    Measure.QUANTILE: _quantiles,
}
