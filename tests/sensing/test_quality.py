"""Quality rules against examples worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from apps.sensing.cleaning.duplicates import sort_order
from apps.sensing.cleaning.judging import judge
from apps.sensing.cleaning.memory import Previous
from apps.sensing.cleaning.rules import Rules
from apps.sensing.data import Batch, Flag, Quality
from tests.sensing.builders import NOON_US, SECOND, batch


def rules(count: int) -> Rules:
    """Range 0 to 100, step 20, stuck after 60 s, gap after 30 s."""
    columns = [np.full(count, limit, np.float64) for limit in (0, 100, 20, 60, 30)]
    return Rules(*columns)


def flags(seconds: list[float], results: list[float], previous: Previous | None = None) -> list[int]:
    rows = batch([1] * len(seconds), seconds, results)
    return judge(rows, rules(len(rows)), previous or Previous()).flags.tolist()


def test_a_value_outside_the_range_is_bad() -> None:
    judged = judge(batch([1], [0], [101]), rules(1), Previous())
    assert judged.quality.tolist() == [Quality.BAD]


def test_a_jump_is_a_step_and_so_is_the_way_back() -> None:
    assert flags([0, 10, 20], [10, 40, 12]) == [0, Flag.STEP, Flag.STEP]


def test_an_unchanged_value_is_stuck_after_its_time() -> None:
    assert flags([0, 20, 40, 60, 80], [5, 5, 5, 5, 5]) == [0, 0, 0, 0, Flag.STUCK]


def test_the_time_of_an_unchanged_value_is_remembered_between_batches() -> None:
    previous = Previous()
    flags([0, 25, 50], [5, 5, 5], previous)
    assert flags([70], [5], previous) == [Flag.STUCK]


def test_a_changed_value_starts_anew() -> None:
    assert flags([0, 25, 50, 75, 100], [5, 5, 6, 6, 6]) == [0, 0, 0, 0, 0]


def test_a_pause_is_a_gap_and_spoils_no_value() -> None:
    judged = judge(batch([1, 1], [0, 45], [5, 6]), rules(2), Previous())
    assert judged.flags.tolist() == [0, Flag.GAP]
    assert judged.quality.tolist() == [Quality.GOOD, Quality.GOOD]


def test_a_late_reading_is_judged_by_its_range_only() -> None:
    previous = Previous()
    flags([100], [90], previous)
    assert flags([10], [5], previous) == [0]
    assert previous.times.tolist() == [NOON_US + 100 * SECOND]


def test_streams_do_not_touch_each_other() -> None:
    rows = batch([1, 2], [0, 1], [10, 90])
    assert judge(rows, rules(2), Previous()).flags.tolist() == [0, 0]


def test_sorting_drops_a_repeated_key_and_keeps_the_first() -> None:
    rows = batch([2, 1, 1], [0, 5, 5], [1, 2, 3])
    assert rows.take(sort_order(rows)).results.tolist() == [2, 1]


@pytest.mark.parametrize("split", range(1, 7))
def test_cutting_a_batch_anywhere_changes_no_verdict(split: int) -> None:
    seconds, results = [0, 10, 20, 90, 95, 100, 180], [5, 5, 50, 50, 120, 60, 60]
    whole = flags(seconds, results)
    previous = Previous()
    parts = flags(seconds[:split], results[:split], previous) + flags(
        seconds[split:], results[split:], previous
    )
    assert parts == whole


def test_an_empty_batch_is_no_fault() -> None:
    empty = Batch(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    assert len(judge(empty, rules(0), Previous()).batch) == 0
