"""DP-SGD: the promise is kept, and the network still learns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from apps.core.declarations import DpSgd
from apps.core.domains import recipes_by_id
from apps.training.nets.baselines import last_value
from apps.training.nets.config import PrivacyConfig, TrainConfig
from apps.training.nets.metrics import score
from apps.training.nets.mixer import GraphMixer
from apps.training.nets.panel import Panel, Split, starts_between
from apps.training.nets.private import PrivateMixer, PrivateTraining
from apps.training.selectors import model_card
from apps.training.services.training import run_train
from tests.training.builders import small_net, wavy_panel
from tests.training.records import run_made

PROMISE = PrivacyConfig(epsilon=4.0, delta=1e-4, clip=1.0, low=20, high=80)
TRAIN = TrainConfig(epochs=12, batch=64, rate=1e-2, seed=3)


def private(panel: Panel, *, train: TrainConfig = TRAIN) -> PrivateTraining:
    """A training of a tiny network on independent series."""
    split = Split.of(len(panel.values), select=0.1, calibrate=0.1)
    adjacency = np.eye(panel.values.shape[1], dtype=np.float32)
    return PrivateTraining(panel, split, adjacency, configs=(small_net(panel), train, PROMISE))


def test_a_network_under_dp_sgd_beats_the_last_value_within_its_epsilon(tmp_path: Path) -> None:
    panel = wavy_panel(days=500)
    training = private(panel)
    list(training.epochs(tmp_path / "state.pt", cancelled=lambda: False))
    size = {"history": 6, "horizon": 4}
    starts = starts_between(training.split.select, len(panel.values), **size)
    actual = panel.window(starts + 6, 4)
    learned = score(training.forecaster().predict(panel, starts).point, actual)
    assert learned.mae < 0.9 * score(last_value(panel, starts, **size), actual).mae
    assert 0.9 * PROMISE.epsilon < training.spent <= PROMISE.epsilon


def test_no_two_samples_share_a_reading() -> None:
    training = private(wavy_panel(days=30))
    assert (np.diff(training.starts) == 10).all()
    assert training.starts[-1] + 10 <= training.split.fit


def test_the_network_is_the_same_whichever_way_its_identities_take() -> None:
    training = private(wavy_panel(days=30))
    batch = training.samples.batch(training.starts[:3], history=6, horizon=4)
    plain = GraphMixer(training.net.config, training.net.adjacency)
    plain.load_state_dict(training.net.state_dict())
    both = [net.eval()(batch.values, batch.seen, batch.part, batch.day)[0] for net in (plain, training.net)]
    assert isinstance(training.net, PrivateMixer)
    assert np.allclose(both[0].detach(), both[1].detach(), atol=1e-6)


def test_the_scale_and_the_gaps_tell_nothing_of_the_fitted_readings() -> None:
    panel = wavy_panel(days=30)
    panel.values[50:90] = np.nan
    first, other = private(panel), private(Panel(panel.values * 3, panel.first, panel.step))
    assert np.array_equal(first.scale.mean, other.scale.mean)
    assert np.array_equal(first.scale.deviation, other.scale.deviation)
    assert not first.samples.values[50:90].any()


def test_the_noise_is_no_function_of_the_seed(tmp_path: Path) -> None:
    panel, short = wavy_panel(days=30), replace(TRAIN, epochs=1)
    weights = []
    for name in ("one", "two"):
        training = private(panel, train=short)
        list(training.epochs(tmp_path / name, cancelled=lambda: False))
        weights.append(training.net.entry.weight.detach().numpy().copy())
    assert not np.allclose(*weights)


def test_a_continued_training_counts_the_epochs_before(tmp_path: Path) -> None:
    panel, train = wavy_panel(days=30), replace(TRAIN, epochs=2)
    next(private(panel, train=train).epochs(tmp_path / "cut.pt", cancelled=lambda: False))
    resumed = private(panel, train=train)
    list(resumed.epochs(tmp_path / "cut.pt", cancelled=lambda: False))
    whole = private(panel, train=train)
    list(whole.epochs(tmp_path / "whole.pt", cancelled=lambda: False))
    assert resumed.spent == whole.spent <= PROMISE.epsilon


@pytest.mark.django_db
def test_a_recipe_that_asks_for_it_is_trained_so_and_the_card_says_what_was_spent(recipe: str) -> None:
    known = recipes_by_id()
    domain, plain = known[recipe]
    known[recipe] = (domain, replace(plain, privacy=DpSgd(epsilon=3.0, delta=1e-3)))
    run = run_made(recipe)
    model = run_train(run)
    run.refresh_from_db()
    assert model is not None
    assert 0 < run.config["spent_epsilon"] <= 3.0
    assert f"epsilon {run.config['spent_epsilon']} of at most 3.0" in model_card(model)
