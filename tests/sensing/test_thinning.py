"""LTTB against Steinarsson's own loop, and what no thinning may lose."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.sensing.charts.points import Points
from apps.sensing.charts.thinning import lttb, thinned_lttb, thinned_minmax
from apps.sensing.charts.widths import finest_within, source_for, width_for
from apps.sensing.data import Floats

DAY = 86_400.0


def series(values: Floats) -> Points:
    """Readings a minute apart."""
    count = len(values)
    times = np.arange(count, dtype=np.int64) * 60_000
    return Points(times, values, values, values, np.ones(count, np.int64), np.zeros(count, np.int16))


def lttb_plain(x: list[float], y: list[float], points: int) -> list[int]:
    """The loop of the thesis, one point at a time (as in the reference implementation in JavaScript)."""
    every, kept, count = (len(x) - 2) / (points - 2), [0], len(x)
    for place in range(points - 2):
        after = range(int((place + 1) * every) + 1, min(int((place + 2) * every) + 1, count))
        mean_x, mean_y = (sum(column[i] for i in after) / len(after) for column in (x, y))
        last = kept[-1]
        candidates = range(int(place * every) + 1, int((place + 1) * every) + 1)
        areas = [
            abs((x[last] - mean_x) * (y[i] - y[last]) - (x[last] - x[i]) * (mean_y - y[last]))
            for i in candidates
        ]
        kept.append(candidates[areas.index(max(areas))])
    return [*kept, count - 1]


@pytest.mark.parametrize(("count", "points"), [(50, 10), (1000, 37), (5000, 500), (11, 10)])
def test_lttb_keeps_the_points_of_the_thesis(count: int, points: int) -> None:
    rng = np.random.default_rng(7)
    x = np.arange(count, dtype=np.float64)
    y = np.round(rng.normal(size=count).cumsum(), 3)
    assert lttb(x, y, points=points).tolist() == lttb_plain(x.tolist(), y.tolist(), points)


@given(st.lists(st.floats(-1e6, 1e6), min_size=30, max_size=300), st.integers(10, 40))
def test_the_extremes_are_never_lost(values: list[float], points: int) -> None:
    rows = series(np.array(values))
    for thinned in (thinned_lttb(rows, points=points), thinned_minmax(rows, points=points)):
        assert len(thinned) <= max(points, 10)
        assert (thinned.values.min(), thinned.values.max()) == (min(values), max(values))
        assert (thinned.lows.min(), thinned.highs.max()) == (min(values), max(values))
        assert (np.diff(thinned.times) > 0).all()
        assert thinned.counts.sum() == len(values)


def test_a_single_spike_in_a_million_readings_stays_visible() -> None:
    values = np.zeros(1_000_000)
    values[654_321] = 99.0
    assert thinned_lttb(series(values), points=500).values.max() == 99.0
    assert thinned_minmax(series(values), points=500).values.max() == 99.0


def test_rows_without_a_value_are_not_picked() -> None:
    values = np.sin(np.arange(1000) / 9)
    values[::3] = np.nan
    assert np.isfinite(thinned_lttb(series(values), points=50).values).all()
    assert len(thinned_minmax(series(np.full(100, np.nan)), points=10)) == 0


def test_widths_are_pleasant_and_wide_enough() -> None:
    assert width_for(DAY, points=1000) == 120
    assert width_for(365 * DAY, points=1000) == 43_200
    assert width_for(3000 * DAY, points=1000) == 3 * DAY
    assert (source_for(120), source_for(7200), source_for(5400), source_for(3 * 86_400)) == (
        "minute",
        "hour",
        "minute",
        "day",
    )


def test_the_finest_table_that_is_not_too_long() -> None:
    assert finest_within(DAY, interval=60, most=2000) == "raw"
    assert finest_within(DAY, interval=1, most=2000) == "minute"
    assert finest_within(365 * DAY, interval=60, most=10_000) == "hour"
    assert finest_within(36_500 * DAY, interval=60, most=10_000) == "day"
