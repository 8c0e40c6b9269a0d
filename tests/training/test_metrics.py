import numpy as np
import pytest

from apps.training.nets.metrics import score


def test_errors_match_numbers_worked_out_by_hand() -> None:
    found = score(np.array([[3.0, 0.0]]), np.array([[0.0, 4.0]]))
    assert found.rmse == pytest.approx((25 / 2) ** 0.5)
    assert found.mae == pytest.approx(3.5)
    assert found.accuracy == pytest.approx(1 - 5 / 4)


def test_a_value_that_was_never_read_does_not_count() -> None:
    found = score(np.array([1.0, 99.0]), np.array([2.0, np.nan]))
    assert (found.rmse, found.mae) == (1.0, 1.0)


def test_nothing_read_gives_no_score() -> None:
    assert np.isnan(score(np.array([1.0]), np.array([np.nan])).rmse)
