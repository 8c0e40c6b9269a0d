"""``manage.py demo_traffic``: from a sensor file to a forecast and a plan, with the figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.selectors import viewer_for
from apps.core.errors import ProblemError
from apps.core.signals import job_changed
from apps.domains.city.seeding import seed
from apps.domains.city.trial import RECIPE, Trial, table_lines, trial_import
from apps.scheduling.services import plan_create
from apps.scheduling.services.solving import plan_solve
from apps.scheduling.signals import plan_queued
from apps.training.data import RunOptions
from apps.training.services import model_promote, run_create
from apps.training.services.forecasting import forecast_issue
from apps.training.services.training import run_train

PROBLEM, PLANNER = "city.inspection_rounds", "zhao.planner"


class Command(BaseCommand):
    """Import, train, compare, plan; everything is printed as it is known."""

    help = (
        "Import road speeds, train the forecast, print its errors beside baselines, plan inspection rounds."
    )

    _told = ""  # the last figures printed: a search that finds nothing new stays silent

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
        plan_queued.disconnect(dispatch_uid="scheduling.solve_plan")  # this process solves it
        try:
            self._forecast(trial_import(data), epochs)
            self._plan(seconds)
        except ProblemError as error:
            raise CommandError(str(error)) from error
        finally:
            job_changed.disconnect(dispatch_uid="city.demo_traffic")

    def _follow(self, *, body: dict[str, Any], **_: object) -> None:
        """One line for each step of a job: training tells its error, planning its cost and bound."""
        figures = body["figures"]
        told = ""
        if "gap" in figures and figures["cost"] is not None:
            told = f"  cost {figures['cost']}, bound {figures['bound']}, gap {figures['gap']:.1%}"
        elif "columns" in figures:
            row = dict(zip(figures["columns"], figures["curve"][-1], strict=True))
            told = f"  validation RMSE {row['rmse']:.3f} km/h"
        if told and told == self._told:
            return
        self._told = told
        stage = body["stage"] or body["state"]
        self.stdout.write(f"  {body['title']}: {stage} {body['done']}/{body['total']}{told}")

    def _forecast(self, trial: Trial, epochs: int | None) -> None:
        done = trial.imported
        self.stdout.write(
            f"Imported {done.segments} segments, {done.links} links, {done.stored} readings "
            f"({done.repeated} known already, {done.conflict} with another value), "
            f"{done.first:%Y-%m-%d %H:%M} to {done.last:%Y-%m-%d %H:%M} UTC."
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
            raise CommandError("The training did not end well; see the job's message on its page.")
        self.stdout.write("")
        for line in table_lines(trial, model.metrics, model.baselines):
            self.stdout.write(line)
        for level, row in sorted(model.coverage.items()):
            self.stdout.write(
                f"{level} % interval: covered {100 * row['covered']:.1f} %, "
                f"mean width {row['width'] * trial.factor:.2f} {trial.label}"
            )
        if not trial.scope:
            self._promote(model)

    def _promote(self, model: Any) -> None:
        """Let the version forecast; when it may not, the plan is made from the latest readings."""
        try:
            model_promote(model, viewer=None)
            self.stdout.write(f"Promoted {model}; {forecast_issue(model)} forecasts issued.")
        except ProblemError as error:
            self.stdout.write(f"{model} does not forecast: {error}")

    def _plan(self, seconds: int) -> None:
        """Plan the next shift's rounds in the name of the demonstration planner."""
        planner = viewer_for(get_user_model().objects.get(username=PLANNER))
        plan = plan_create(PROBLEM, parameters={"time_limit": seconds}, viewer=planner)
        plan_solve(plan)
        plan.refresh_from_db()
        if plan.cost is None:
            raise CommandError("The plan was not solved; see the job's message above.")
        self.stdout.write("")
        self.stdout.write(
            f"{plan}: cost {plan.cost:.0f} s of driving, bound {plan.bound:.0f} s, gap {plan.gap:.1%}"
        )
        self.stdout.write(f"{plan.status}; not served: {len(plan.unserved)}; speeds: {plan.notes['speeds']}")
        for route in plan.routes.all():
            visits, hours = route.stops.count(), route.duration / 3600
            self.stdout.write(
                f"  {route.vehicle}: {visits} visits, {route.distance / 1000:.1f} km, {hours:.1f} h"
            )
