"""Down-sampling at the edge: the same readings stand for a window, however the batches fell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.sensing.data import Batch
from apps.sensing.edge.config import Rule
from apps.sensing.edge.judging import Judge
from apps.sensing.edge.sampling import Sampler

SECOND = 1_000_000
END = int(np.iinfo(np.int64).max)
Row = tuple[int, float]


def batch(rows: Sequence[Row], *, stream: int = 0) -> Batch:
    streams = np.full(len(rows), stream, np.int64)
    times = np.array([second * SECOND for second, _value in rows], np.int64)
    return Batch(streams, times, np.array([value for _second, value in rows], np.float64))


def sampler(**rule: object) -> Sampler:
    made = Sampler()
    made.learn([msgspec.convert({"match": "*", **rule}, Rule)])
    return made


def kept(made: Sampler, *parts: Sequence[Row], flagged: bool = False) -> list[Row]:
    """What comes out of several batches and the flush at the end, in the order of time."""
    rows: list[Row] = []
    for part in parts:
        given_ = batch(part)
        found, _marks = made.sample(given_, np.full(len(given_), flagged))
        rows += rows_of(found)
    return sorted(rows + rows_of(made.flush(END)))


def rows_of(found: Batch) -> list[Row]:
    return [(time // SECOND, value) for time, value in zip(found.times.tolist(), found.results, strict=True)]


def test_a_mean_stands_at_the_start_of_its_window() -> None:
    assert kept(sampler(keep="mean", every=60), [(0, 1), (30, 3)], [(59, 5), (60, 7)]) == [
        (0, 3.0),
        (60, 7.0),
    ]


def test_the_last_value_and_the_extremes_keep_their_own_times() -> None:
    rows = [(0, 5), (10, 1), (20, 9), (50, 4)]
    assert kept(sampler(keep="last", every=60), rows) == [(50, 4.0)]
    assert kept(sampler(keep="minmax", every=60), rows) == [(10, 1.0), (20, 9.0)]
    assert kept(sampler(keep="minmax", every=60), [(5, 2)]) == [(5, 2.0)]


def test_a_dead_band_keeps_changes_and_a_sign_of_life() -> None:
    rows = [(0, 10), (1, 10.4), (2, 10.6), (3, 10.5), (100, 10.5), (102, 10.5)]
    assert kept(sampler(dead_band=0.5, heartbeat=50), rows) == [(0, 10.0), (2, 10.6), (100, 10.5)]


def test_what_broke_a_rule_passes_and_enters_no_mean() -> None:
    made = sampler(keep="mean", every=60)
    assert kept(made, [(1, 99)], flagged=True) == [(1, 99.0)]


def test_late_readings_pass_as_they_are_and_never_change_what_was_sent() -> None:
    made = sampler(keep="mean", every=60)
    assert kept(made, [(0, 2), (70, 4)], [(30, 9)]) == [(0, 2.0), (30, 9.0), (60, 4.0)]
    assert kept(made, [(65, 5), (100, 6)]) == [(65, 5.0), (100, 6.0)]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(-5, 5)), max_size=40, unique_by=lambda row: row[0]),
    st.lists(st.integers(0, 40), max_size=4),
    st.sampled_from(["mean", "last", "minmax"]),
)
def test_how_the_batches_fall_and_a_restart_between_them_change_nothing(
    rows: list[Row], cuts: list[int], keep: str
) -> None:
    rows = sorted(rows)
    whole = kept(sampler(keep=keep, every=20), rows)
    edges = [0, *sorted(cuts), len(rows)]
    made, found = sampler(keep=keep, every=20), []
    for start, end in pairwise(edges):
        part = batch(rows[start:end])
        found += rows_of(made.sample(part, np.zeros(len(part), bool))[0])
        again = sampler(keep=keep, every=20)
        again.unpack(made.pack())
        made = again
    assert sorted(found + rows_of(made.flush(END))) == whole


def test_the_platforms_own_rules_judge_at_the_edge() -> None:
    judge = Judge()
    judge.learn([Rule(match="*", low=0, high=50, max_step=10)])
    judged = judge.judge(batch([(12, 60), (10, 10), (11, 30), (10, 11)]))
    assert judged.batch.results.tolist() == [10.0, 30.0, 60.0]
    assert judged.flagged.tolist() == [False, True, True]
