"""Mechanisms against their theory. No seed can be given to OpenDP: limits are so wide that a true mechanism
fails less than once in 10^9 runs."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from apps.privacy.dp.bounding import Row, rows_bounded, steps
from apps.privacy.dp.mechanisms import answer, expected_radius
from apps.privacy.dp.noise import laplace, opendp
from apps.privacy.dp.quantiles import quantile
from apps.privacy.dp.question import Measure, Question

KEY = b"a key of the test"
QUESTION = Question(
    "hospital.encounters",
    Measure.COUNT,
    Fraction(1, 2),
    date(2026, 1, 1),
    date(2026, 2, 1),
    rows_per_person=3,
)
HOURS = replace(QUESTION, column="hours", low=0, high=100)
EPSILONS = st.fractions(min_value=Fraction(1, 1000), max_value=4, max_denominator=10_000)
ROWS = st.lists(
    st.builds(
        Row,
        key=st.integers(0, 10**6).map(str),
        person=st.integers(0, 5),
        value=st.none() | st.floats(-1e6, 1e6),
        group=st.sampled_from("ab"),
    ),
    max_size=40,
    unique_by=lambda row: row.key,
)
DRAWS = 20_000
SEVEN_SIGMA = 7
NINE_SIGMA = 9  # of rare events, whose tail is longer than the normal one


def rows(values: list[float], *, group: str = "") -> list[Row]:
    """One row each of so many people."""
    return [Row(str(number), number, value, group) for number, value in enumerate(values)]


@given(sensitivity=st.integers(1, 10**6), epsilon=EPSILONS)
@settings(max_examples=60, deadline=None)
def test_the_loss_is_within_epsilon_exactly_and_the_noise_no_larger_than_needed(
    sensitivity: int, epsilon: Fraction
) -> None:
    dp, found = opendp(), laplace(sensitivity, epsilon)
    made = dp.m.make_laplace(
        dp.vector_domain(dp.atom_domain(T=int)), dp.l1_distance(T=int), scale=found.scale
    )
    assert Fraction(made.map(sensitivity)) <= epsilon
    assert found.scale <= float(sensitivity / epsilon) * (1 + 1e-12)


def test_the_noise_follows_the_discrete_laplace_law() -> None:
    noise = laplace(3, Fraction(1, 2))
    alpha = math.exp(-1 / noise.scale)
    seen = Counter(noise.noisy([0] * DRAWS))
    inside = range(-30, 31)
    expected = [DRAWS * (1 - alpha) / (1 + alpha) * alpha ** abs(k) for k in inside]
    rest = DRAWS - sum(expected)
    off = sum((seen[k] - e) ** 2 / e for k, e in zip(inside, expected, strict=True))
    off += (DRAWS - sum(seen[k] for k in inside) - rest) ** 2 / rest
    assert chi2.sf(off, len(inside)) > 1e-10


def test_the_mean_error_and_the_radius_are_those_of_theory() -> None:
    noise = laplace(3, Fraction(1, 10))
    sizes = np.abs(noise.noisy([0] * DRAWS))
    assert abs(sizes.mean() / noise.mean_error() - 1) < SEVEN_SIGMA / math.sqrt(DRAWS)
    missed = (sizes > noise.radius()).mean()
    assert missed < 0.05 + SEVEN_SIGMA * math.sqrt(0.05 * 0.95 / DRAWS)


@given(found=ROWS, most=st.integers(1, 4))
@settings(deadline=None)
def test_no_person_adds_more_rows_than_allowed_and_none_disturbs_another(found: list[Row], most: int) -> None:
    kept = rows_bounded(found, most=most, key=KEY)
    assert all(count <= most for count in Counter(row.person for row in kept).values())
    alone = rows_bounded([row for row in found if row.person], most=most, key=KEY)
    assert Counter(alone) == Counter(row for row in kept if row.person)


@given(found=ROWS, most=st.integers(1, 4))
@settings(deadline=None)
def test_which_rows_count_depends_neither_on_their_order_nor_on_their_values(
    found: list[Row], most: int
) -> None:
    kept = {row.key for row in rows_bounded(found, most=most, key=KEY)}
    turned = [replace(row, value=0.0) for row in reversed(found)]
    assert kept == {row.key for row in rows_bounded(turned, most=most, key=KEY)}


@given(value=st.floats(allow_nan=True, allow_infinity=True) | st.decimals(allow_nan=False) | st.booleans())
def test_every_value_is_clamped_into_its_public_bounds(value: float) -> None:
    assert -20 <= steps(value, parts=10, low=-20, high=70) <= 70


def test_a_value_within_the_bounds_keeps_its_tenths() -> None:
    assert steps(3.14, parts=10, low=0, high=70) == 31


@pytest.mark.parametrize("measure", list(Measure))
def test_with_much_epsilon_an_answer_is_the_truth(measure: Measure) -> None:
    edges = (0, 50, 100) if measure is Measure.HISTOGRAM else ()
    question = replace(HOURS, measure=measure, epsilon=Fraction(1000), edges=edges)
    found = answer(question, rows([float(value) for value in range(100)]), key=KEY)
    truth = {"count": [100], "sum": [4950], "mean": [49.5], "quantile": [50], "histogram": [50, 50]}
    assert [cell.value for cell in found] == pytest.approx(truth[measure], abs=1)


def test_groups_come_from_the_public_keys_alone() -> None:
    question = replace(QUESTION, epsilon=Fraction(1000), group="kind", keys=("a", "b"))
    found = answer(question, rows([1.0] * 5, group="a") + rows([1.0] * 9, group="secret"), key=KEY)
    assert [(cell.key, round(cell.value)) for cell in found] == [("a", 5), ("b", 0)]


@pytest.mark.parametrize("measure", [Measure.COUNT, Measure.SUM, Measure.MEAN])
def test_the_answer_lies_within_its_radius_as_often_as_promised(measure: Measure) -> None:
    question, people = replace(HOURS, measure=measure), rows([float(v % 90) for v in range(900)])
    truth = {Measure.COUNT: 900, Measure.SUM: 900 * 44.5, Measure.MEAN: 44.5}[measure]
    found = [answer(question, people, key=KEY)[0] for _ in range(200)]
    missed = sum(abs(cell.value - truth) > cell.radius for cell in found)
    assert missed <= 10 + NINE_SIGMA * math.sqrt(200 * 0.05 * 0.95)


def test_a_quantile_is_within_the_promised_ranks() -> None:
    values = sorted(range(0, 900, 3))
    picker = quantile(low=0, high=900, level=Fraction(9, 10), rows=3, epsilon=Fraction(1))
    picked = [picker.of(values) for _ in range(200)]
    ranks = [sum(value < found for value in values) for found in picked]
    missed = sum(abs(rank - 270) > picker.radius() for rank in ranks)
    assert missed <= 10 + NINE_SIGMA * math.sqrt(200 * 0.05 * 0.95)


@pytest.mark.parametrize("measure", list(Measure))
def test_an_answer_about_nobody_is_noise_and_no_error(measure: Measure) -> None:
    question = replace(HOURS, measure=measure, edges=(0, 50, 100) if measure is Measure.HISTOGRAM else ())
    assert all(math.isfinite(cell.value) for cell in answer(question, [], key=KEY))


def test_the_expected_radius_of_a_count_is_that_of_its_answer() -> None:
    assert answer(QUESTION, [], key=KEY)[0].radius == expected_radius(QUESTION, rows=5)


def test_more_rows_make_a_mean_better_and_more_groups_worse() -> None:
    question = replace(HOURS, measure=Measure.MEAN)
    grouped = replace(question, group="kind", keys=("a", "b"))
    few, many = expected_radius(question, rows=1000), expected_radius(question, rows=10_000)
    assert many < few < expected_radius(grouped, rows=1000)


def test_the_digest_knows_equal_questions_and_nothing_else() -> None:
    filtered = replace(QUESTION, filters=(("kind", ("a", "b")),))
    turned = replace(QUESTION, filters=(("kind", ("b", "a")),))
    assert filtered.digest() == turned.digest()
    others = [replace(QUESTION, epsilon=Fraction(1, 3)), replace(QUESTION, rows_per_person=2), filtered]
    assert len({question.digest() for question in [QUESTION, *others]}) == 4
