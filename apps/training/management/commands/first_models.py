"""``manage.py first_models``: a model for every recipe that has none yet, so that forecasts can begin."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandParser

from apps.core.domains import recipes_by_id
from apps.core.errors import ProblemError
from apps.training.data import RunOptions
from apps.training.selectors import model_promoted
from apps.training.services import model_promote
from apps.training.services.forecasting import forecasts_issue
from apps.training.services.training import recipe_evaluate


class Command(BaseCommand):
    """Train briefly, promote what beats its baselines, and issue the first forecasts."""

    help = "Train and promote a first model for each recipe that has none; issue forecasts."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say how long to train."""
        parser.add_argument("--epochs", type=int, default=6, help="Passes over the data.")

    def handle(self, *, epochs: int, **_: object) -> None:
        """Run."""
        for recipe_id, (_domain, recipe) in recipes_by_id().items():
            if model_promoted(recipe_id) is None and not self._train(recipe_id, epochs):
                self._train(recipe_id, recipe.epochs)  # what the recipe asks for, before we give up
        self.stdout.write(f"Forecasts: {forecasts_issue()} values")

    def _train(self, recipe_id: str, epochs: int) -> bool:
        """Whether a version was promoted; the pages of models and forecasts say why it was not."""
        try:
            model = recipe_evaluate(recipe_id, options=RunOptions(epochs=epochs))
            model_promote(model, viewer=None)
        except ProblemError as error:
            self.stdout.write(f"Model: {recipe_id} is not promoted: {error}")
            return False
        self.stdout.write(f"Model: {recipe_id} v{model.version} promoted")
        return True
