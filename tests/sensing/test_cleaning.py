"""Spikes, rates, clocks and peers against examples worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from apps.sensing.cleaning.conversion import Scale, converted
from apps.sensing.cleaning.judging import judge
from apps.sensing.cleaning.medians import centres_and_deviations, grouped_medians, sorted_columns
from apps.sensing.cleaning.memory import Previous
from apps.sensing.cleaning.rules import Rules
from apps.sensing.data import Flag, Judged, Quality
from tests.sensing.builders import NOON_US, SECOND, batch

CALM = [10.0, 10.2, 9.9, 10.1, 10.0, 9.8, 10.1]


def rules(count: int, **limits: float) -> Rules:
    """No limit but those named."""
    plain = [np.full(count, np.nan) for _name in range(5)]
    plain[:2] = [np.full(count, -100.0), np.full(count, 100.0)]
    return Rules(*plain, **{name: np.full(count, limit) for name, limit in limits.items()})


def judged(results: list[float], *, step: float = 10, arrived: int | None = None, **limits: float) -> Judged:
    """One stream's readings, ten seconds apart."""
    rows = batch([1] * len(results), [step * number for number in range(len(results))], results)
    return judge(rows, rules(len(rows), **limits), Previous(), arrived=arrived)


def test_a_spike_is_suspect_and_the_way_back_is_none() -> None:
    found = judged([*CALM, 60, 10.2], spike=6)
    assert found.flags.tolist() == [0] * 7 + [Flag.SPIKE, 0]
    assert found.quality[7] == Quality.SUSPECT
    assert found.raw is None


def test_a_spike_is_replaced_by_the_median_where_the_rule_says_so() -> None:
    found = judged([*CALM, 60, 10.2], spike=6, mend=1)
    assert found.batch.results.tolist() == [*CALM, 10.0, 10.2]
    assert found.raw is not None
    assert found.raw[7] == 60
    assert np.isnan(found.raw[:7]).all()
    assert (found.flags[7], found.quality[7]) == (Flag.SPIKE | Flag.CORRECTED, Quality.GOOD)


def test_a_new_level_is_taken_for_spikes_until_it_fills_half_of_the_window() -> None:
    found = judged([*CALM, *[50.0, 50.1, 49.9, 50.2, 50.0, 50.1]], spike=6)
    assert (found.flags[7:] > 0).tolist() == [True] * 4 + [False] * 2


def test_a_flat_stream_is_not_all_spikes_once_it_moves_a_little() -> None:
    assert not judged([20.0] * 7 + [20.1], spike=6).flags.any()


def test_a_wider_window_waits_longer() -> None:
    assert not judged([*CALM, 60], spike=6, window=11).flags.any()
    assert judged([*CALM, *CALM, 60], spike=6, window=11).flags[-1] == Flag.SPIKE


def test_a_change_is_measured_by_its_time_too() -> None:
    assert judged([10, 20], step=10, rate=0.5).flags.tolist() == [0, Flag.STEP]
    assert not judged([10, 20], step=30, rate=0.5).flags.any()


@pytest.mark.parametrize(("after", "broken"), [(-100, True), (-30, False), (20, False), (3600, True)])
def test_a_clock_is_ahead_or_behind_the_arrival(after: int, broken: bool) -> None:
    found = judged([10], arrived=NOON_US + after * SECOND, clock=60, late=1800)
    assert bool(found.flags[0] & Flag.CLOCK) == broken


def grouped(values: list[float], previous: Previous | None = None) -> Judged:
    """One reading each of streams 1, 2, 3... which are one group."""
    rows = batch(list(range(1, len(values) + 1)), [0] * len(values), values)
    peers = {0: np.arange(1, 9)}
    return judge(rows, rules(len(rows), peers=6, group=0), previous or Previous(), peers=peers)


def test_a_value_far_from_its_neighbours_is_suspect() -> None:
    assert grouped([10, 10.1, 9.9, 10.2, 30]).flags.tolist() == [0, 0, 0, 0, Flag.CROSS]


def test_too_few_neighbours_say_nothing() -> None:
    assert not grouped([10, 10.1, 9.9, 30]).flags.any()


def test_what_the_neighbours_said_before_the_batch_counts() -> None:
    previous = Previous()
    ids, moments = np.arange(2, 8), np.full(6, NOON_US - 60 * SECOND)
    previous.hear(ids, moments, np.array([10, 10.1, 9.9, 10, 10.2, 9.8]))
    assert grouped([30], previous).flags.tolist() == [Flag.CROSS]
    stale = Previous()
    stale.hear(ids, moments - 7200 * SECOND, np.full(6, 10.0))
    assert not grouped([30], stale).flags.any()


def test_a_missing_number_is_missing_and_infinity_is_out_of_range() -> None:
    found = judged([1, np.nan, np.inf, 2], spike=3)
    assert found.quality.tolist() == [Quality.GOOD, Quality.MISSING, Quality.BAD, Quality.GOOD]


@pytest.mark.parametrize("width", [3, 7, 15, 17, 51])
def test_medians_of_many_windows_are_those_of_each(width: int) -> None:
    samples = np.random.default_rng(width).normal(size=(width, 50)).round(1)
    centre, deviation = centres_and_deviations(sorted_columns(list(samples)))
    assert np.allclose(centre, np.median(samples, axis=0))
    assert np.allclose(deviation, np.median(np.abs(samples - centre), axis=0))


def test_medians_of_groups_are_those_of_each() -> None:
    values, groups = np.array([5.0, 1, 2, 9, 4]), np.array([1, 0, 1, 1, 0])
    assert grouped_medians(values, groups, 2).tolist() == [2.5, 5]


def test_a_scale_converts_a_column() -> None:
    celsius = converted(np.array([32.0, 212.0]), Scale(5 / 9, -160 / 9))
    assert celsius.tolist() == pytest.approx([0, 100])
