"""Runs: made from a recipe, cancelled, continued."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.core.declarations import Recipe
from apps.core.domains import Domain
from apps.core.errors import ProblemError
from apps.core.jobs import job_create, job_wish
from apps.core.models import Job, JobKind
from apps.training.data import RunOptions
from apps.training.models import Run
from apps.training.nets.config import MixerConfig, PrivacyConfig, TrainConfig
from apps.training.selectors.recipes import recipe_get
from apps.training.services.panels import Material, material_of
from apps.training.signals import run_queued

LOOK_BACK = timedelta(days=28)
TWO_WEEKS = timedelta(days=14)
DAY_WIDTH = 4  # size of the weekday identity, once the data span two weeks
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

    Raises ProblemError when the data are too few to learn from.
    """
    domain, recipe = recipe_get(recipe_id)
    options = options or RunOptions()
    capability_require(viewer, domain=domain.slug, capability=Capability.TRAIN)
    begin, end = _period(options)
    material = material_of(domain.slug, recipe, begin=begin, end=end, only=options.datastream_ids)
    promise = _privacy(domain, recipe)
    train = TrainConfig(epochs=_epochs(options.epochs or recipe.epochs), seed=options.seed)
    net = _net(recipe, options, material)
    run = Run.objects.create(
        domain=domain.slug,
        recipe=recipe_id,
        scope=options.scope,
        config={"net": asdict(net), "train": asdict(train), "step": recipe.step, **promise},
        datastreams=material.datastream_ids,
        seed=options.seed,
        job=_job(recipe, domain.slug, viewer, train.epochs),
        data_from=material.begin,
        data_until=material.end,
        created_by_id=viewer.user_id if viewer else None,
    )
    if queue:
        _announce(run)
    return run


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
    return job_create(JobKind.TRAINING, title=str(recipe.title), domain=domain, owner=owner, total=epochs)


def _period(options: RunOptions) -> tuple[datetime, datetime]:
    end = options.data_until or timezone.now()
    begin = options.data_from or end - LOOK_BACK
    if begin >= end:
        raise ProblemError(_("The data must begin before they end."), "data_from")
    return begin, end


def _epochs(count: int) -> int:
    if not 1 <= count <= MOST_EPOCHS:
        raise ProblemError(_("Choose 1 to %(most)d epochs.") % {"most": MOST_EPOCHS}, "epochs")
    return count


def _net(recipe: Recipe, options: RunOptions, material: Material) -> MixerConfig:
    unknown = set(options.net) - set(NET_FIELDS)
    if unknown:
        raise ProblemError(_("Sizes that may be set: %(names)s.") % {"names": ", ".join(NET_FIELDS)}, "net")
    sizes = {name: int(size) for name, size in options.net.items()}
    return MixerConfig(
        nodes=len(material.datastream_ids),
        steps_in=recipe.history,
        steps_out=recipe.horizon,
        day_width=DAY_WIDTH if material.end - material.begin >= TWO_WEEKS else 0,
        **sizes,
    )
