"""Runs: made from a recipe, cancelled, continued."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from apps.accounts.data import Capability, Viewer
from apps.core.declarations import Recipe
from apps.core.domains import Domain
from apps.core.errors import ProblemError
from apps.core.jobs import job_create, job_wish
from apps.core.models import Job, JobKind
from apps.core.sentences import sentence as _
from apps.training.data import RunOptions
from apps.training.models import Run
from apps.training.nets.config import PrivacyConfig, TrainConfig
from apps.training.selectors.recipes import recipe_get
from apps.training.signals import run_queued

YEARS = range(1971, 3000)  # those that every clock and time zone can tell
LOOK_BACK = timedelta(days=28)
LONGEST = timedelta(days=1100)  # three years of five-minute steps fit into the memory of a worker
NET_FIELDS = ("hidden", "blocks", "node_width", "part_width")
MOST_EPOCHS = 500


def capability_require(viewer: Viewer | None, *, domain: str, capability: Capability) -> None:
    """Refuse a viewer without ``capability`` in ``domain``; None is the system itself."""
    if viewer is not None and not viewer.may(domain, capability):
        raise ProblemError(_("Your role does not allow this."), status=403, code="permission_denied")


@transaction.atomic
def run_create(
    recipe_id: str, *, viewer: Viewer | None, options: RunOptions | None = None, queue: bool = True
) -> Run:
    """A run with its job, handed to a worker after commit unless the caller trains it himself.

    Nothing is read here: which series were read often enough, and since when, the worker finds out, and a
    run on too few readings fails with the reason. Until then the run holds what was asked for.
    """
    domain, recipe = recipe_get(recipe_id)
    options = options or RunOptions()
    capability_require(viewer, domain=domain.slug, capability=Capability.TRAIN)
    if viewer is not None:
        _scope_require(recipe_id, options.scope)
    begin, end = _period(options)
    promise = _privacy(domain, recipe)
    train = TrainConfig(epochs=_epochs(options.epochs or recipe.epochs), seed=options.seed)
    run = Run.objects.create(
        domain=domain.slug,
        recipe=recipe_id,
        scope=options.scope,
        config={"net": _sizes(options), "train": asdict(train), "step": recipe.step, **promise},
        datastreams=[int(stream) for stream in options.datastream_ids],
        seed=options.seed,
        job=_job(recipe, domain.slug, viewer, train.epochs),
        data_from=begin,
        data_until=end,
        created_by_id=viewer.user_id if viewer else None,
    )
    if queue:
        _announce(run)
    return run


def _scope_require(recipe_id: str, scope: str) -> None:
    """Data sets come in by an import, which trains on them first; anybody later names one of those."""
    known = Run.objects.filter(recipe=recipe_id).exclude(scope="").values_list("scope", flat=True)
    if scope and scope not in (listed := sorted(set(known))):
        words = (
            _("No data set was imported for this recipe; leave the scope empty.")
            if not listed
            else _("Leave the scope empty for the live city, or choose one of: %(values)s.")
            % {"values": ", ".join(listed)}
        )
        raise ProblemError(words, "scope", code="unknown")


def run_cancel(run: Run, *, viewer: Viewer | None) -> Run:
    """Ask a run to stop; it stops between two batches and can be continued."""
    capability_require(viewer, domain=run.domain, capability=Capability.TRAIN)
    if run.job.is_final:
        raise ProblemError(_("The run has ended; there is nothing to cancel."), status=409, code="ended")
    run.job = job_wish(run.job_id, wish="cancel")
    return run


@transaction.atomic
def run_resume(run: Run, *, viewer: Viewer | None, queue: bool = True) -> Run:
    """Continue a cancelled or failed run from its last finished epoch, under a new job."""
    capability_require(viewer, domain=run.domain, capability=Capability.TRAIN)
    run = Run.objects.select_for_update(of=("self",)).select_related("job").get(pk=run.pk)
    if not run.job.is_final or hasattr(run, "modelversion"):
        raise ProblemError(
            _("Only a cancelled or failed run can be continued."), status=409, code="not_stopped"
        )
    _domain, recipe = recipe_get(run.recipe)
    run.job = _job(recipe, run.domain, viewer, run.config["train"]["epochs"])
    run.save(update_fields=["job"])
    if queue:
        _announce(run)
    return run


def _privacy(domain: Domain, recipe: Recipe) -> dict[str, dict[str, float]]:
    """The promise that the run keeps, with the declared bounds of the reading; nothing without one."""
    if recipe.privacy is None:
        return {}
    kind = domain.kind(recipe.kind)
    return {"privacy": asdict(PrivacyConfig(**asdict(recipe.privacy), low=kind.low, high=kind.high))}


def _announce(run: Run) -> None:
    transaction.on_commit(partial(run_queued.send, sender=Run, run_id=run.pk))


def _job(recipe: Recipe, domain: str, viewer: Viewer | None, epochs: int) -> Job:
    owner = get_user_model().objects.get(pk=viewer.user_id) if viewer and viewer.user_id else None
    return job_create(
        JobKind.TRAINING,
        title=recipe.title,
        domain=domain,
        division="",  # as the run, which has no place
        owner=owner,
        total=epochs,
    )


def _period(options: RunOptions) -> tuple[datetime, datetime]:
    for name in ("data_from", "data_until"):
        moment = getattr(options, name)
        if moment is not None and moment.year not in YEARS:
            raise ProblemError(_("The year is out of range."), name)
    end = options.data_until or timezone.now()
    begin = options.data_from or end - LOOK_BACK
    if begin >= end:
        raise ProblemError(_("The data must begin before they end."), "data_from")
    if end - begin > LONGEST:
        words = _("Choose a period of at most %(most)d days.")
        raise ProblemError(words % {"most": LONGEST.days}, "data_from")
    return begin, end


def _epochs(count: int) -> int:
    if not 1 <= count <= MOST_EPOCHS:
        raise ProblemError(_("Choose 1 to %(most)d epochs.") % {"most": MOST_EPOCHS}, "epochs")
    return count


def _sizes(options: RunOptions) -> dict[str, int]:
    unknown = set(options.net) - set(NET_FIELDS)
    if unknown:
        raise ProblemError(_("Sizes that may be set: %(names)s.") % {"names": ", ".join(NET_FIELDS)}, "net")
    return {name: int(size) for name, size in options.net.items()}
