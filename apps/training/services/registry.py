"""The registry of models: what a run brought, and which version forecasts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from apps.accounts.data import Capability, Viewer
from apps.audit.services import Act, access_record
from apps.core.errors import ProblemError
from apps.core.locks import Lock, lock_wait
from apps.core.sentences import sentence as _
from apps.training import nets
from apps.training.models import ModelVersion, Run, Stage
from apps.training.selectors.models import promotion_obstacles
from apps.training.services.runs import capability_require
from apps.training.signals import model_promoted


@dataclass(frozen=True, slots=True)
class Proof:
    """What is known of a trained network, as plain numbers by minutes ahead."""

    metrics: dict[str, dict[str, float]]
    baselines: dict[str, dict[str, dict[str, float]]]
    coverage: dict[str, dict[str, float]]
    fingerprint: str


@cache
def code_version() -> str:
    """A digest of the networks' source: the same code gives the same version on every machine."""
    digest = hashlib.sha256()
    for path in sorted(Path(nets.__path__[0]).glob("*.py")):
        digest.update(path.read_bytes())
    return f"nets-{digest.hexdigest()[:12]}"


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def model_path(model: ModelVersion) -> Path:
    """Where the weights of a version lie."""
    return Path(settings.VAR_DIR) / model.file


@transaction.atomic
def model_register(run: Run, *, file: Path, proof: Proof) -> ModelVersion:
    """The next version of the recipe; the same run is registered once."""
    lock_wait(Lock.RECIPE, run.recipe)
    last = ModelVersion.objects.filter(recipe=run.recipe).aggregate(last=Max("version"))["last"] or 0
    model, _made = ModelVersion.objects.get_or_create(
        run=run,
        defaults={
            "domain": run.domain,
            "recipe": run.recipe,
            "scope": run.scope,
            "version": last + 1,
            "metrics": proof.metrics,
            "baselines": proof.baselines,
            "coverage": proof.coverage,
            "fingerprint": proof.fingerprint,
            "code_version": code_version(),
            "file": str(file.relative_to(settings.VAR_DIR)),
            "digest": file_digest(file),
        },
    )
    return model


@transaction.atomic
def model_promote(model: ModelVersion, *, viewer: Viewer | None) -> ModelVersion:
    """Let a version forecast from now on; promoting an older version is the way back.

    Refused when the version does not beat every baseline on the held-out period.
    """
    capability_require(viewer, domain=model.domain, capability=Capability.PROMOTE)
    obstacles = promotion_obstacles(model)
    if obstacles:
        reason = _("The version does not beat the baselines.")
        raise ProblemError(" ".join([reason, *obstacles]), "metrics", 409, "not_better")
    lock_wait(Lock.RECIPE, model.recipe)
    rivals = ModelVersion.objects.filter(recipe=model.recipe, scope=model.scope, stage=Stage.PROMOTED)
    rivals.exclude(pk=model.pk).update(stage=Stage.RETIRED)
    model.stage, model.promoted_at = Stage.PROMOTED, timezone.now()
    model.promoted_by_id = viewer.user_id if viewer else None
    model.refusal = {}
    model.save(update_fields=["stage", "promoted_at", "promoted_by", "refusal"])
    access_record(Act("promote", model.promoted_by_id, "training.ModelVersion", str(model.pk)))
    transaction.on_commit(partial(model_promoted.send, sender=ModelVersion, model_id=model.pk))
    return model
