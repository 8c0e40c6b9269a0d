"""What must hold for every batch: pieces give what the whole gives, streams do not touch, nothing crashes."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.sensing.cleaning.duplicates import sort_order
from apps.sensing.cleaning.judging import judge
from apps.sensing.cleaning.memory import Previous
from apps.sensing.cleaning.rules import Rules
from apps.sensing.data import Batch, Judged
from tests.sensing.builders import NOON_US, SECOND

LIMITS = (0, 100, 20, 60, 30, 4, 5, 5, 1, 60, 3600)
NUMBERS = st.one_of(st.integers(-5, 110).map(float), st.floats())
ROWS = st.lists(
    st.tuples(st.integers(1, 4), st.integers(-200, 200), NUMBERS),
    min_size=1,
    max_size=60,
    unique_by=lambda row: row[:2],
)
quickly = settings(max_examples=200, deadline=None)


def batch_of(rows: list[Any]) -> Batch:
    """The rows in the order (stream, time)."""
    streams, seconds, results = zip(*rows, strict=True)
    times = np.array(seconds, np.int64) * SECOND + NOON_US
    made = Batch(np.array(streams, np.int64), times, np.array(results, np.float64))
    return made.take(sort_order(made))


def judged(batch: Batch, previous: Previous) -> Judged:
    """By every rule that looks at one stream alone."""
    rules = Rules(*(np.full(len(batch), limit, np.float64) for limit in LIMITS))
    return judge(batch, rules, previous, arrived=NOON_US)


def verdicts(parts: list[Judged]) -> dict[tuple[int, int], tuple[int, int, str]]:
    """(stream, time) -> flags, quality, result."""
    found = {}
    for part in parts:
        columns = (part.batch.streams, part.batch.times, part.flags, part.quality, part.batch.results)
        for stream, time, flags, quality, result in zip(*(c.tolist() for c in columns), strict=True):
            found[stream, time] = (flags, quality, repr(result))
    return found


@quickly
@given(ROWS, st.integers(1, 12))
def test_judging_in_pieces_in_time_order_gives_what_the_whole_gives(rows: list[Any], size: int) -> None:
    whole = verdicts([judged(batch_of(rows), Previous())])
    previous, ordered = Previous(), sorted(rows, key=lambda row: row[1])
    pieces = [ordered[start : start + size] for start in range(0, len(ordered), size)]
    assert verdicts([judged(batch_of(piece), previous) for piece in pieces]) == whole


@quickly
@given(ROWS)
def test_the_numbers_of_the_streams_change_no_verdict(rows: list[Any]) -> None:
    turned = [(5 - stream, second, result) for stream, second, result in rows]
    found = verdicts([judged(batch_of(turned), Previous())])
    back = {(5 - stream, time): verdict for (stream, time), verdict in found.items()}
    assert back == verdicts([judged(batch_of(rows), Previous())])


@quickly
@given(st.lists(ROWS, max_size=4))
def test_late_repeated_and_broken_numbers_crash_nothing(batches: list[list[Any]]) -> None:
    previous = Previous()
    for rows in batches:
        batch = batch_of(rows)
        columns = [np.full(len(batch), limit, np.float64) for limit in (*LIMITS, 3, 0)]
        found = judge(batch, Rules(*columns), previous, arrived=NOON_US, peers={0: np.arange(1, 9)})
        assert len(found.quality) == len(found.flags) == len(batch)
        assert set(found.quality.tolist()) <= {0, 1, 2, 3}
    assert (np.diff(previous.ids) > 0).all()


@quickly
@given(ROWS)
def test_a_correction_is_finite_and_keeps_the_value_as_it_came(rows: list[Any]) -> None:
    batch = batch_of(rows)
    found = judged(batch, Previous())
    if found.raw is not None:
        changed = ~np.isnan(found.raw)
        assert np.isfinite(found.batch.results[changed]).all()
        assert (found.raw[changed] == batch.results[changed]).all()
        assert np.array_equal(found.batch.results[~changed], batch.results[~changed], equal_nan=True)
