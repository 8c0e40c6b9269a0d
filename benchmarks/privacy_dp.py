"""Differential privacy beside its theory: error of 1,000 releases a measure, law of the noise, time.

``python -m benchmarks.privacy_dp`` needs no database: the mechanisms run on invented stays of 20,000 people.
A goal on a ratio is one-sided, so each error has two lines: not above 1.1 and not below 0.9 of theory.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from time import perf_counter

from scipy.stats import chi2

from apps.privacy.dp.bounding import Row
from apps.privacy.dp.mechanisms import answer
from apps.privacy.dp.noise import Laplace, laplace
from apps.privacy.dp.question import Measure, Question
from benchmarks.figures import Figure
from benchmarks.sizes import size

BENCH = "privacy_dp"
RELEASES = size(1000, 20)
PEOPLE = 400  # of the repeated releases
MANY = size(20_000, 500)  # of the timed ones
DRAWS = size(100_000, 5000)  # of the noise
KEY = b"key of the benchmark"
EPSILON = Fraction(1, 2)
COUNT = Question(
    "hospital.encounters", Measure.COUNT, EPSILON, date(2026, 1, 1), date(2026, 2, 1), rows_per_person=3
)
HOURS = replace(COUNT, column="hours", low=0, high=720)
EDGES = (0, 4, 12, 24, 72, 168, 336, 720)
QUESTIONS = {
    "count": COUNT,
    "sum": replace(HOURS, measure=Measure.SUM),
    "mean": replace(HOURS, measure=Measure.MEAN),
    "histogram": replace(HOURS, measure=Measure.HISTOGRAM, edges=EDGES),
}


def people(count: int) -> list[Row]:
    """Stays of invented people: one to three each, hours by a skewed law, within the bounds."""
    draw = random.Random(7)  # test data: the noise itself comes from OpenDP
    rows: list[Row] = []
    for person in range(count):
        rows += [
            Row(f"{person}-{number}", person, min(719, int(draw.lognormvariate(3, 1))))
            for number in range(draw.randint(1, 3))
        ]
    return rows


def mean_error(first: float, second: float) -> float:
    """E|X + Y| of two independent Laplace variables with these scales: (a^2 + ab + b^2) / (a + b)."""
    return (first**2 + first * second + second**2) / (first + second)


def theory(name: str, rows: Sequence[Row]) -> float:
    """The mean absolute error that the law of the noise predicts."""
    if name == "sum":
        return laplace(3 * 720, EPSILON).mean_error()
    if name != "mean":
        return laplace(3, EPSILON).mean_error()
    sums, counts = laplace(3 * 360, EPSILON / 2), laplace(3, EPSILON / 2)
    off = abs(sum(int(row.value or 0) - 360 for row in rows)) / len(rows)  # of the true mean from the middle
    return mean_error(sums.scale, counts.scale * off) / len(rows)  # first order in noise over rows


def truth(name: str, rows: Sequence[Row]) -> list[float]:
    """The numbers without noise."""
    values = [int(row.value or 0) for row in rows]
    bins = [sum(low <= value < high for value in values) for low, high in pairwise(EDGES)]
    found = {"count": [len(values)], "sum": [sum(values)], "mean": [sum(values) / len(values)]}
    return [float(value) for value in {**found, "histogram": bins}[name]]


def errors(name: str, rows: Sequence[Row]) -> float:
    """Mean absolute error over all releases and cells."""
    true, total, cells = truth(name, rows), 0.0, 0
    for _ in range(RELEASES):
        for cell, value in zip(answer(QUESTIONS[name], rows, key=KEY), true, strict=True):
            total += abs(cell.value - value)
            cells += 1
    return total / cells


def noise_fit(noise: Laplace, draws: int) -> float:
    """p-value of the chi-squared test of the noise against the discrete Laplace law."""
    alpha, seen = math.exp(-1 / noise.scale), Counter(noise.noisy([0] * draws))
    inside = range(-40, 41)
    expected = [draws * (1 - alpha) / (1 + alpha) * alpha ** abs(k) for k in inside]
    pairs = [(seen[k], wanted) for k, wanted in zip(inside, expected, strict=True)]
    pairs.append((draws - sum(seen[k] for k in inside), draws - sum(expected)))
    return float(chi2.sf(sum((found - wanted) ** 2 / wanted for found, wanted in pairs), len(inside)))


def release_seconds(question: Question, rows: Sequence[Row]) -> float:
    """Best of five releases: bounding, counting and noise."""
    times = []
    for _ in range(5):
        begin = perf_counter()
        answer(question, rows, key=KEY)
        times.append(perf_counter() - begin)
    return min(times)


def main() -> None:
    """Print one line a figure."""
    rows = people(PEOPLE)
    for name in QUESTIONS:
        found, wanted = errors(name, rows), theory(name, rows)
        figure = f"mean absolute error of {RELEASES} releases of a {name}"
        Figure(BENCH, figure, found, "", wanted, goal=1.1, at_most=True).show()
        Figure(BENCH, f"{figure}, from below", found, "", wanted, goal=0.9).show()
    fit = noise_fit(laplace(3, EPSILON), DRAWS)
    Figure(BENCH, "p-value of the noise against the discrete Laplace law", fit, "", goal=1e-6).show()
    many = people(MANY)
    for name, question in {**QUESTIONS, "median": replace(HOURS, measure=Measure.QUANTILE)}.items():
        seconds = release_seconds(question, many)
        Figure(BENCH, f"release of a {name} over {len(many)} rows", 1000 * seconds, "ms").show()


if __name__ == "__main__":
    main()
