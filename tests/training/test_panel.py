import numpy as np

from apps.training.nets.panel import Panel, Split, filled, starts_between, starts_tgcn


def test_the_test_windows_of_t_gcn_are_389_for_15_minutes() -> None:
    split = Split.of(2016)
    assert split.calibrate == 1612
    assert len(starts_tgcn(split.calibrate, split.test, history=12, horizon=3)) == 389


def test_no_window_reaches_over_the_end_of_its_part() -> None:
    starts = starts_between(100, 150, history=12, horizon=6)
    assert starts[0] + 12 == 100
    assert starts[-1] + 12 + 6 == 150


def test_gaps_take_the_last_value_and_before_it_the_usual_one() -> None:
    values = np.array([[np.nan], [5.0], [np.nan], [7.0]], dtype=np.float32)
    assert filled(values, fallback=np.array([1.0], dtype=np.float32))[:, 0].tolist() == [1.0, 5.0, 5.0, 7.0]


def test_slots_and_weekdays_follow_the_wall_clock() -> None:
    panel = Panel(np.zeros((4, 1), dtype=np.float32), first=3 * 86_400 + 82_800, step=3600)
    rows = np.arange(2)
    assert panel.slot(rows).tolist() == [23, 0]
    assert panel.day(rows).tolist() == [6, 0]  # 1970-01-04 was a Sunday
