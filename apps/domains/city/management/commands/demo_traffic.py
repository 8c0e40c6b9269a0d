"""``manage.py demo_traffic``: from a sensor file to a forecast and a plan, with the figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.errors import ProblemError
from apps.core.signals import job_changed
from apps.domains.city.seeding import seed
from apps.domains.city.trial import RECIPE, Trial, table_lines, trial_import
from apps.training.data import RunOptions
from apps.training.services import model_promote, run_create
from apps.training.services.forecasting import forecast_issue
from apps.training.services.training import run_train


class Command(BaseCommand):
    """Import, train, compare, plan; everything is printed as it is known."""

    help = (
        "Import road speeds, train the forecast, print its errors beside baselines, plan inspection rounds."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the files are and how long to work."""
        parser.add_argument("--data", type=Path, help="Folder of los_loop, or of files like the export's.")
        parser.add_argument("--epochs", type=int, help="Epochs of the training; the recipe's when left out.")
        parser.add_argument("--seconds", type=int, default=20, help="Time to plan.")

    def handle(self, *, data: Path | None, epochs: int | None, seconds: int, **_: object) -> None:
        """Run."""
        call_command("seed_people", stdout=self.stdout)
        seed()
        job_changed.connect(self._follow, weak=False, dispatch_uid="city.demo_traffic")
        try:
            self._forecast(trial_import(data), epochs)
            self._plan(seconds)
        except ProblemError as error:
            raise CommandError(str(error)) from error
        finally:
            job_changed.disconnect(dispatch_uid="city.demo_traffic")

    def _follow(self, *, body: dict[str, Any], **_: object) -> None:
        """One line for each step of a job."""
        curve = body["figures"].get("curve")  # rows of epoch, loss, RMSE, MAE
        latest = f"  validation RMSE {curve[-1][2]:.3f} km/h" if curve else ""
        self.stdout.write(
            f"  {body['title']}: {body['stage'] or body['state']} {body['done']}/{body['total']}{latest}"
        )

    def _forecast(self, trial: Trial, epochs: int | None) -> None:
        done = trial.imported
        self.stdout.write(
            f"Imported {done.segments} segments, {done.links} links, {done.stored} readings "
            f"({done.repeated} known already), {done.first:%Y-%m-%d %H:%M} to {done.last:%Y-%m-%d %H:%M} UTC."
        )
        options = RunOptions(
            epochs=epochs or trial.epochs,
            data_from=done.first,
            data_until=trial.data_until,
            datastream_ids=done.datastream_ids,
            scope=trial.scope,
        )
        model = run_train(run_create(RECIPE, viewer=None, options=options, queue=False))
        if model is None:
            raise CommandError("The training did not end well; see the job's message above.")
        self.stdout.write("")
        for line in table_lines(trial, model.metrics, model.baselines):
            self.stdout.write(line)
        for level, row in sorted(model.coverage.items()):
            self.stdout.write(
                f"{level} % interval: covered {100 * row['covered']:.1f} %, "
                f"mean width {row['width'] * trial.factor:.2f} {trial.label}"
            )
        if not trial.scope:
            model_promote(model, viewer=None)
            self.stdout.write(f"Promoted {model}; {forecast_issue(model)} forecasts issued.")

    def _plan(self, seconds: int) -> None:
        """Plan tomorrow's rounds."""
