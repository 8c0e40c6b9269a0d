import numpy as np

from apps.training.nets.baselines import last_value, profile_daily, profile_weekly
from apps.training.nets.panel import Panel
from tests.training.builders import wavy_panel

AHEAD = {"history": 6, "horizon": 4}


def test_the_last_value_is_repeated_over_gaps() -> None:
    values = np.array([[1.0], [2.0], [np.nan], [9.0]], dtype=np.float32)
    made = last_value(Panel(values, 0, 3600), np.array([0]), history=3, horizon=1)
    assert made.ravel().tolist() == [2.0]


def test_the_daily_profile_repeats_a_clean_day_exactly() -> None:
    panel = wavy_panel(noise=0.0)
    starts = np.array([200, 240])
    made = profile_daily(panel, end=144).predict(panel, starts, **AHEAD)
    assert np.allclose(made, panel.window(starts + 6, 4), atol=1e-4)


def test_under_two_weeks_the_weekly_profile_is_the_daily_one() -> None:
    assert profile_weekly(wavy_panel(days=13), end=13 * 48).days == 1
    assert profile_weekly(wavy_panel(days=14), end=14 * 48).days == 7


def test_a_weekly_profile_knows_sundays() -> None:
    panel = wavy_panel(days=21, noise=0.0)
    rows = np.arange(len(panel.values))
    panel.values[panel.day(rows) == 6] += 30
    sunday = np.array([20 * 48 - 6])
    made = profile_weekly(panel, end=14 * 48).predict(panel, sunday, **AHEAD)
    assert np.allclose(made, panel.window(sunday + 6, 4), atol=1e-4)
