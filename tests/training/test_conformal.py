import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.training.nets.conformal import LEVELS, calibrate, coverage


def _case(rng: np.random.Generator, windows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Skewed errors whose size follows a known spread: point, spread, actual (W, 2, 3)."""
    shape = (windows, 2, 3)
    point, spread = rng.normal(50, 10, shape), rng.uniform(0.5, 4, shape)
    return point, spread, point + spread * (rng.exponential(1, shape) - 1)


@pytest.mark.parametrize("level", LEVELS)
@given(seed=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_exchangeable_errors_are_covered_as_promised(level: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    limits = calibrate(*_case(rng, 400))
    point, spread, actual = _case(rng, 400)
    low, high = limits.interval(point, spread, level=level)
    assert coverage(low, high, actual) == pytest.approx(level, abs=0.04)


def test_the_wider_interval_holds_the_narrower_one() -> None:
    point, spread, actual = _case(np.random.default_rng(0), 200)
    limits = calibrate(point, spread, actual)
    narrow, wide = (limits.interval(point, spread, level=level) for level in LEVELS)
    assert (wide[0] <= narrow[0]).all()
    assert (wide[1] >= narrow[1]).all()


def test_too_few_errors_promise_nothing() -> None:
    point, spread, actual = _case(np.random.default_rng(0), 1)
    assert np.isinf(calibrate(point, spread, actual).upper).all()


def test_unread_values_are_left_out_of_the_limits() -> None:
    point, spread, actual = _case(np.random.default_rng(0), 200)
    gaps = actual.copy()
    gaps[100:] = np.nan
    assert np.allclose(
        calibrate(point, spread, gaps).upper, calibrate(point[:100], spread[:100], actual[:100]).upper
    )
