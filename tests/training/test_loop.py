from pathlib import Path

import numpy as np
import pytest

from apps.training.nets.forecaster import Forecaster
from apps.training.nets.loop import EpochReport, Training, TrainingCancelledError
from apps.training.nets.panel import Panel, Split, starts_between
from tests.training.builders import SMALL_TRAIN, small_net, wavy_panel


def _training(panel: Panel | None = None) -> Training:
    panel = panel or wavy_panel()
    adjacency = np.eye(panel.values.shape[1], dtype=np.float32)
    split = Split.of(len(panel.values), select=0.2, calibrate=0.2)
    return Training(panel, split, adjacency, net=small_net(panel), train=SMALL_TRAIN)


def _weights(training: Training) -> np.ndarray:
    return np.concatenate([value.detach().numpy().ravel() for value in training.net.parameters()])


def test_the_error_falls(tmp_path: Path) -> None:
    reports = list(_training().epochs(tmp_path / "state.pt", cancelled=lambda: False))
    assert [report.epoch for report in reports] == [0, 1, 2]
    assert reports[-1].loss < reports[0].loss


def test_a_resumed_training_ends_as_one_that_was_never_interrupted(tmp_path: Path) -> None:
    whole = _training()
    list(whole.epochs(tmp_path / "whole.pt", cancelled=lambda: False))
    next(_training().epochs(tmp_path / "cut.pt", cancelled=lambda: False))
    resumed = _training()
    reports = list(resumed.epochs(tmp_path / "cut.pt", cancelled=lambda: False))
    assert [report.epoch for report in reports] == [1, 2]
    assert np.array_equal(_weights(resumed), _weights(whole))


def test_a_kill_between_batches_loses_no_finished_epoch(tmp_path: Path) -> None:
    whole, cut = _training(), _training()
    expected = list(whole.epochs(tmp_path / "whole.pt", cancelled=lambda: False))
    asked: list[int] = []

    def soon() -> bool:
        asked.append(1)
        return len(asked) > 8  # in the middle of the second epoch

    with pytest.raises(TrainingCancelledError):
        list(cut.epochs(tmp_path / "cut.pt", cancelled=soon))
    resumed = _training()
    list(resumed.epochs(tmp_path / "cut.pt", cancelled=lambda: False))
    assert [_errors(report) for report in resumed.history] == [_errors(report) for report in expected]


def _errors(report: EpochReport) -> tuple[float, float, float]:
    return report.loss, report.rmse, report.mae


def test_gaps_neither_break_the_training_nor_count(tmp_path: Path) -> None:
    panel = wavy_panel()
    panel.values[np.random.default_rng(0).random(panel.values.shape) < 0.3] = np.nan
    reports = list(_training(panel).epochs(tmp_path / "state.pt", cancelled=lambda: False))
    assert np.isfinite([report.loss for report in reports]).all()


def test_a_saved_forecaster_predicts_what_it_predicted(tmp_path: Path) -> None:
    training = _training()
    list(training.epochs(tmp_path / "state.pt", cancelled=lambda: False))
    made = training.forecaster()
    made.calibrate(training.panel, starts_between(200, 280, history=6, horizon=4))
    made.save(tmp_path / "model.pt")
    again = Forecaster.load(tmp_path / "model.pt")
    starts = np.array([150, 180])
    assert np.array_equal(
        again.predict(training.panel, starts).point, made.predict(training.panel, starts).point
    )
    assert again.calibration is not None


def test_the_newest_window_can_be_forecast_although_its_future_is_unknown(tmp_path: Path) -> None:
    training = _training()
    list(training.epochs(tmp_path / "state.pt", cancelled=lambda: False))
    made = training.forecaster().predict(training.panel, np.array([len(training.panel.values) - 6]))
    assert made.point.shape == (1, 4, 4)
    assert np.isfinite(made.point).all()
