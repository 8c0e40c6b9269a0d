from __future__ import annotations

import pytest

from apps.accounts.data import Capability
from apps.core.errors import ProblemError
from apps.training.data import RunOptions
from apps.training.models import Stage
from apps.training.selectors import model_card, model_promoted
from apps.training.services import model_promote, run_create
from apps.training.services.training import run_train
from tests.training.records import BEGIN, END, SMALL, model_trained, viewer_who_may

pytestmark = pytest.mark.django_db


def test_a_version_that_does_not_beat_a_baseline_is_not_promoted(recipe: str) -> None:
    model = model_trained(recipe, better=False)
    with pytest.raises(ProblemError, match="last value") as refusal:
        model_promote(model, viewer=None)
    assert refusal.value.status == 409
    assert model_promoted(recipe) is None


def test_promotion_needs_its_own_capability(recipe: str) -> None:
    model = model_trained(recipe)
    with pytest.raises(ProblemError) as refusal:
        model_promote(model, viewer=viewer_who_may(Capability.VIEW, Capability.TRAIN))
    assert refusal.value.status == 403
    assert model_promote(model, viewer=viewer_who_may(Capability.PROMOTE)).stage == Stage.PROMOTED


def test_promoting_an_older_version_is_the_way_back(recipe: str) -> None:
    first = model_trained(recipe)
    options = RunOptions(epochs=1, data_from=BEGIN, data_until=END, net=SMALL)
    second = run_train(run_create(recipe, viewer=None, options=options, queue=False))
    assert second is not None
    second.metrics = first.metrics
    second.save()
    for model in (first, second, first):
        model_promote(model, viewer=None)
    second.refresh_from_db()
    assert (model_promoted(recipe), second.stage, second.version) == (first, Stage.RETIRED, 2)


def test_the_card_says_what_was_measured_and_why_it_may_not_be_promoted(recipe: str) -> None:
    model = model_trained(recipe, better=False)
    card = model_card(model)
    assert model.fingerprint[:12] in card
    assert "99 / 99 km/h" in card
    assert "cannot be promoted" in card


def test_the_same_data_and_seed_give_the_same_fingerprint_and_figures(recipe: str) -> None:
    first = model_trained(recipe)
    options = RunOptions(epochs=3, data_from=BEGIN, data_until=END, net=SMALL)
    second = run_train(run_create(recipe, viewer=None, options=options, queue=False))
    assert second is not None
    assert second.fingerprint == first.fingerprint
    assert second.run.curve == first.run.curve
