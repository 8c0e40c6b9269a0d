"""A run on a worker: read, train, measure, register. Loads torch."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from time import monotonic

import numpy as np
import structlog
from django.conf import settings
from django.utils.translation import gettext_noop

from apps.core.errors import ProblemError
from apps.core.jobs import JobCancelledError, job_progress, job_running
from apps.core.models import Job
from apps.core.sentences import sentence as _
from apps.training.data import RunOptions
from apps.training.models import ModelVersion, Run
from apps.training.nets.board import Board
from apps.training.nets.config import MixerConfig, PrivacyConfig, TrainConfig
from apps.training.nets.device import device_best
from apps.training.nets.evaluation import Evaluation, calibration_starts, evaluate
from apps.training.nets.loop import Training, TrainingCancelledError
from apps.training.nets.panel import Panel, Split
from apps.training.nets.private import PrivateTraining
from apps.training.selectors.recipes import recipe_get
from apps.training.services.panels import adjacency_of, material_of, panel_fingerprint
from apps.training.services.registry import Proof, model_register
from apps.training.services.runs import NET_FIELDS, run_create

READING, TRAINING, MEASURING = (
    gettext_noop("Reading data"),
    gettext_noop("Training"),
    gettext_noop("Measuring"),
)
WISH_SECONDS = 1.0
TWO_WEEKS = timedelta(days=14)
DAY_WIDTH = 4  # size of the weekday identity, once the data span two weeks
log = structlog.get_logger("training")


def run_folder(run: Run) -> Path:
    """Checkpoint, data and TensorBoard log of a run."""
    return Path(settings.VAR_DIR) / "training" / str(run.pk)


def recipe_evaluate(recipe_id: str, *, options: RunOptions) -> ModelVersion:
    """Train a recipe here and now: the version with its errors beside the baselines, and its coverage.

    Raises ProblemError with the reason when it cannot be done.
    """
    run = run_create(recipe_id, viewer=None, options=options, queue=False)
    model = run_train(run)
    if model is None:
        run.refresh_from_db()
        raise ProblemError(
            run.job.message or _("The training was cancelled."), status=409, code=run.job.state
        )
    return model


def run_train(run: Run) -> ModelVersion | None:
    """Train a run to its end, from its checkpoint if it has one; None when it was cancelled or refused.

    Raises JobBusyError when another worker holds the run's job. Every other error ends the job as failed.
    """
    with job_running(run.job_id, stage=READING, total=run.config["train"]["epochs"]) as job:
        if job is None:
            return None
        run.refresh_from_db()
        try:
            return _train(run, job)
        except TrainingCancelledError as error:
            raise JobCancelledError from error
    return None


def _train(run: Run, job: Job) -> ModelVersion:
    training = _training(run)
    with Board(run_folder(run)) as board:
        for report in training.epochs(run_folder(run) / "state.pt", cancelled=_cancel_wish(run)):
            board.epoch(report)
            _report(run, training)
        job_progress(run.job_id, done=len(training.history), stage=MEASURING)
        model, evaluation = _register(run, training)
        board.evaluation(evaluation)
    job.result_url = f"/portal/models/{model.pk}/"
    log.info("run_trained", run=run.pk, model=str(model), epochs=len(training.history))
    return model


def _training(run: Run) -> Training:
    """What the run trains, from its first epoch; with DP-SGD where its recipe asked for it."""
    panel, (_domain, recipe) = _panel(run), recipe_get(run.recipe)
    split, adjacency = Split.of(len(panel.values)), adjacency_of(run.domain, recipe, run.datastreams)
    net, train = MixerConfig(**run.config["net"]), TrainConfig(**run.config["train"])
    if "privacy" in run.config:
        configs = (net, train, PrivacyConfig(**run.config["privacy"]))
        return PrivateTraining(panel, split, adjacency, configs=configs, device=device_best())
    return Training(panel, split, adjacency, net=net, train=train, device=device_best())


def _panel(run: Run) -> Panel:
    """The data of the run, kept beside its checkpoint: late readings must not change a resumed run."""
    path = run_folder(run) / "panel.npz"
    if path.exists():
        kept = np.load(path)
        return Panel(kept["values"], int(kept["first"]), int(kept["step"]))
    panel = _read(run)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new.npz")
    np.savez(fresh, values=panel.values, first=panel.first, step=panel.step)
    fresh.replace(path)
    return panel


def _read(run: Run) -> Panel:
    """What the run asks for, read once; the run holds from now on what was found and the network for it."""
    _domain, recipe = recipe_get(run.recipe)
    found = material_of(run.domain, recipe, begin=run.data_from, end=run.data_until, only=run.datastreams)
    sizes = {name: size for name, size in run.config["net"].items() if name in NET_FIELDS}
    net = MixerConfig(
        nodes=len(found.datastream_ids),
        steps_in=recipe.history,
        steps_out=recipe.horizon,
        day_width=DAY_WIDTH if found.end - found.begin >= TWO_WEEKS else 0,
        **sizes,
    )
    run.config["net"], run.datastreams = asdict(net), found.datastream_ids
    run.data_from, run.data_until = found.begin, found.end
    run.save(update_fields=["config", "datastreams", "data_from", "data_until"])
    return found.panel


def _cancel_wish(run: Run) -> Callable[[], bool]:
    """Asks the job at most once a second."""
    asked, answer = 0.0, False

    def cancelled() -> bool:
        nonlocal asked, answer
        if monotonic() - asked >= WISH_SECONDS:
            answer = Job.objects.filter(pk=run.job_id, wish="cancel").exists()
            asked = monotonic()
        return answer

    return cancelled


def _report(run: Run, training: Training) -> None:
    """Store the curve and the privacy loss so far, and let screens follow them."""
    history = training.history
    run.curve = [[row.epoch, round(row.loss, 4), round(row.rmse, 4), round(row.mae, 4)] for row in history]
    if isinstance(training, PrivateTraining):
        run.config["spent_epsilon"] = round_up(training.spent)
    run.save(update_fields=["curve", "config"])
    best = max(row.epoch for row in history if row.best)
    figures = {"curve": run.curve, "columns": ["epoch", "loss", "rmse", "mae"], "best": best}
    job_progress(run.job_id, done=len(history), stage=TRAINING, figures=figures)


def round_up(epsilon: float) -> float:
    """Four decimals, never less than what was spent."""
    return math.ceil(epsilon * 10_000) / 10_000


def _register(run: Run, training: Training) -> tuple[ModelVersion, Evaluation]:
    forecaster = training.forecaster()
    forecaster.calibrate(training.panel, calibration_starts(training.split, **training.size))
    if forecaster.calibration is None or not forecaster.calibration.is_finite:
        words = _("The readings are too few for intervals; take a longer period or more series.")
        raise ProblemError(words, "data_from", 409, "too_little_data")
    found = evaluate(forecaster, training.panel, training.split)
    file = run_folder(run) / "model.pt"
    forecaster.save(file)
    proof = proof_of(found, fingerprint=panel_fingerprint(training.panel, run.datastreams))
    return model_register(run, file=file, proof=proof), found


def proof_of(found: Evaluation, *, fingerprint: str) -> Proof:
    """The evaluation as the registry stores it."""
    metrics: dict[str, dict[str, float]] = {}
    baselines: dict[str, dict[str, dict[str, float]]] = {}
    for reach in found.reaches:
        for name, score in reach.scores.items():
            target = metrics if name == "model" else baselines.setdefault(name, {})
            target[str(reach.minutes)] = score.as_dict()
    coverage = {str(round(100 * row.level)): _rounded(asdict(row)) for row in found.intervals}
    return Proof(metrics, baselines, coverage, fingerprint)


def _rounded(row: dict[str, float]) -> dict[str, float]:
    return {name: round(row[name], 4) for name in ("covered", "width")}
