"""Statistical methods against what is known by construction or by another library."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from apps.analytics.methods.bottlenecks import bottlenecks
from apps.analytics.methods.classification import classification
from apps.analytics.methods.correlations import correlations
from apps.analytics.methods.decomposition import decomposition
from apps.analytics.methods.matrices import Matrix, matrix_of
from apps.analytics.methods.places import area_means
from apps.analytics.methods.regression import regression

DRAW = np.random.default_rng(11)


def test_means_become_a_matrix_with_gaps() -> None:
    means = pa.table({"datastream_id": [7, 3, 7], "bucket": [10, 12, 11], "mean": [1.0, 2.0, 3.0]})
    matrix = matrix_of(means, streams=(3, 7), seconds=60)
    assert matrix.times == [600_000, 660_000, 720_000]
    np.testing.assert_array_equal(matrix.values, [[np.nan, 1], [np.nan, 3], [2, np.nan]])


def test_streams_that_move_together_are_found_with_their_interval() -> None:
    base = DRAW.normal(size=400)
    values = np.column_stack([base, base + DRAW.normal(0, 0.5, 400), DRAW.normal(size=400)])
    values[5, 0] = np.nan
    best, *others = correlations(Matrix(values, (1, 2, 3), 0, 3600))
    assert (best.left, best.right, best.steps) == (1, 2, 399)
    assert best.low < 1 / np.sqrt(1.25) < best.high
    assert all(item.low < 0.1 and item.high > -0.1 for item in others)


def test_a_series_is_taken_apart_into_what_it_was_made_of() -> None:
    steps = np.arange(24 * 21)
    season = 10 * np.sin(2 * np.pi * steps / 24)
    series = 0.05 * steps + season + DRAW.normal(0, 0.5, len(steps))
    series[100:103] = np.nan
    parts = decomposition(series, period=24)
    assert np.abs(parts.season - season)[24:-24].mean() < 1
    assert parts.season_strength > 0.95
    assert parts.trend[-1] - parts.trend[0] == pytest.approx(0.05 * len(steps), rel=0.1)


def test_a_series_shorter_than_two_seasons_is_refused() -> None:
    with pytest.raises(ValueError, match="short"):
        decomposition(np.ones(30), period=24)


def test_intervals_of_a_regression_hold_the_truth_as_often_as_they_say() -> None:
    held = 0
    for _each in range(100):
        causes, noise = DRAW.normal(size=(400, 1)), DRAW.normal(size=400)
        for step in range(1, 400):  # neighbouring errors resemble each other
            noise[step] += 0.5 * noise[step - 1]
        term = regression(3 + 2 * causes[:, 0] + noise, causes, names=("x",)).terms[1]
        held += term.low < 2 < term.high
    assert held >= 86  # 95 % expected; fewer than 86 of 100 has a chance of one in ten thousand


def test_causes_that_say_the_same_are_refused() -> None:
    cause = DRAW.normal(size=100)
    with pytest.raises(ValueError, match="same"):
        regression(cause, np.column_stack([cause, 2 * cause]), names=("a", "b"))


def test_a_machine_learns_a_limit_that_no_line_can_draw() -> None:
    causes = DRAW.normal(size=(1200, 2))
    target = (causes**2).sum(axis=1)
    found = classification(target, causes, limit=1.5)
    assert found.balanced_accuracy > 0.9 > found.baseline
    assert (found.learned, found.tested) == (840, 360)


def test_one_class_cannot_be_learned() -> None:
    with pytest.raises(ValueError, match="both"):
        classification(np.zeros(100), DRAW.normal(size=(100, 1)), limit=1)


def test_the_longest_active_period_is_the_bottleneck() -> None:
    busy = np.zeros((10, 3), bool)
    busy[0:6, 0] = True  # holds up the system until step 6
    busy[1:3, 1] = True
    busy[5:10, 2] = True  # takes over: the two shift at step 5
    worst, second, third = bottlenecks(busy)
    assert (worst.column, worst.sole, worst.shifting, worst.longest) == (0, 0.5, 0.1, 6)
    assert (second.column, second.sole, second.shifting) == (2, 0.4, 0.1)
    assert (third.column, third.sole, third.shifting) == (1, 0.0, 0.0)


def test_an_idle_system_has_no_bottleneck() -> None:
    assert [item.sole for item in bottlenecks(np.zeros((5, 2), bool))] == [0, 0]
    assert bottlenecks(np.zeros((0, 2), bool)) == []


def test_readings_are_joined_with_the_areas_that_they_lie_in() -> None:
    squares = [(1, "POLYGON((0 0,1 0,1 1,0 1,0 0))"), (2, "POLYGON((5 5,6 5,6 6,5 6,5 5))")]
    found = area_means({10: (0.5, 0.5), 11: (0.2, 0.9), 12: (3, 3)}, squares, {10: 4.0, 11: 6.0, 12: 9.0})
    assert [(item.area, item.streams, item.mean) for item in found] == [(1, 2, 5.0), (2, 0, None)]
    assert [item.streams for item in area_means({}, squares, {})] == [0, 0]
