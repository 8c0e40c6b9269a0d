"""Which datastream feeds which feature of which live layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps

from apps.accounts.data import NOBODY, Viewer
from apps.accounts.selectors import user_get, viewer_for
from apps.core.domains import layers_by_id
from apps.core.models import Job
from apps.privacy.services import can_see, policy_class, visible_fields, visible_rows
from apps.sensing.selectors import latest_of_kind

RECENT_JOBS = 20


@dataclass(frozen=True, slots=True)
class Target:
    """A feature on a live layer, and the division that it lies in."""

    layer: str
    feature: int
    division: str


@dataclass(frozen=True, slots=True)
class Directory:
    """Datastream id -> target, and the newest reading of each target's feature."""

    targets: dict[int, Target]
    latest: dict[int, tuple[int, float | None, int]]


def directory_load() -> Directory:
    """The live features of every domain's layers."""
    targets, latest = {}, {}
    for layer_id, (domain, layer) in layers_by_id().items():
        if not layer.live:
            continue
        model: Any = apps.get_model(layer.model)
        place = getattr(model, "PLACE_PATH", "")
        streams = latest_of_kind(domain=domain.slug, kind=layer.live)
        fields = ("pk", "thing_id", *((place,) if place else ()))
        for pk, thing, *division in model._default_manager.filter(thing__isnull=False).values_list(*fields):
            if thing not in streams:
                continue
            stream, reading = streams[thing]
            targets[stream] = Target(layer_id, pk, division[0] if division else "")
            if reading is not None:
                latest[stream] = (int(reading.time.timestamp() * 1000), reading.value, reading.quality)
    return Directory(targets, latest)


def viewer_now(user_id: int | None) -> Viewer:
    """The rights of a user as they are now; nobody's when the account is gone."""
    user = user_get(user_id) if user_id else None
    return viewer_for(user) if user else NOBODY


def layer_class(layer_id: str, viewer: Viewer) -> str | None:
    """The policy class in which the viewer sees the live values of a layer; None when he may not."""
    found = layers_by_id().get(layer_id)
    if found is None or not found[1].live or not can_see(viewer, found[1].model):
        return None
    value = visible_fields(viewer, apps.get_model("sensing.LatestValue"))["result"]
    return policy_class(viewer, domain=found[0].slug) if value.is_clear else None


def jobs_recent(viewer: Viewer) -> list[Job]:
    """The newest jobs of the viewer's domains, oldest first."""
    return list(visible_rows(viewer, Job.objects.order_by("-created_at"))[:RECENT_JOBS])[::-1]
