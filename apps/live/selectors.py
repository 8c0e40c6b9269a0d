"""Who looks, and which datastream feeds which feature of which live layer."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import orjson
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from apps.accounts.data import Capability, Viewer
from apps.accounts.selectors import (
    factor_is_due,
    key_viewer,
    session_is_over,
    session_is_strong,
    viewer_for,
)
from apps.alerts.selectors import alarm_changed_shown
from apps.catalogue.selectors.tokens import token_facts
from apps.core.divisions import EVERYWHERE
from apps.core.domains import layers_by_id
from apps.core.models import Job, JobKind
from apps.core.sentences import unpacked
from apps.live.data import Credential, Directory, Proof, Target
from apps.privacy.selectors import policy_look
from apps.privacy.services import can_see, decide, policy_class, visible_rows
from apps.sensing.selectors import latest_of_kind

RECENT_JOBS = 20
SPOKEN = ("title", "message")  # of a job: in the language of the moment


def directory_load() -> Directory:
    """The live features of every domain's layers."""
    directory = Directory()
    for layer_id, (domain, layer) in layers_by_id().items():
        if layer.live:
            streams = latest_of_kind(domain=domain.slug, kind=layer.live)
            rows = apps.get_model(layer.model)._default_manager.filter(**layer.where)
            _layer_load(directory, layer_id, rows, streams)
    return directory


def _layer_load(directory: Directory, layer_id: str, rows: Any, streams: Mapping[int, Any]) -> None:
    place = getattr(rows.model, "PLACE_PATH", "")
    fields = ("pk", "thing_id", *((place,) if place else ()))
    for pk, thing, *division in rows.filter(thing__in=streams).values_list(*fields):
        stream, reading = streams[thing]
        directory.targets[stream] = Target(layer_id, pk, division[0] if division else "")
        if reading is not None:
            directory.latest[stream] = (int(reading.time.timestamp() * 1000), reading.value, reading.quality)


def credential_viewer(credential: Credential) -> Viewer | None:
    """The rights behind a credential as they are now, and the policy; None when it has ended."""
    policy_look()
    if credential.proof is Proof.KEY:
        return key_viewer(credential.secret)
    if credential.proof is Proof.PROGRAM:
        facts = token_facts(credential.secret)
        return facts.viewer if facts is not None else None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(credential.secret)
    user: Any = get_user(request)
    session = request.session
    if not user.is_authenticated or session_is_over(session) or factor_is_due(session, user):
        return None
    return viewer_for(user, strong=session_is_strong(session))


def layer_class(layer_id: str, viewer: Viewer) -> str | None:
    """The policy class in which the viewer sees the live values of a layer; None when he may not."""
    found = layers_by_id().get(layer_id)
    if found is None or not found[1].live or not can_see(viewer, found[1].model):
        return None
    domain, layer = found
    place = decide(viewer, layer.model, "geometry")
    value = decide(viewer, "sensing.LatestValue", "result", domain=domain.slug)
    if not place.is_shown or not value.is_clear or not viewer.sees_kind("sensing.LatestValue", layer.live):
        return None
    return policy_class(viewer, domain=domain.slug, model=apps.get_model(layer.model))


def job_may_stop(viewer: Viewer, job: Job) -> bool:
    """Whether the viewer may cancel or take a job: its owner, or a role that could have started it."""
    if job.is_final:
        return False
    if viewer.user_id is not None and job.owner_id == viewer.user_id:
        return True
    needed = JobKind(job.kind).capability if job.kind in JobKind else ""
    return bool(needed) and viewer.may(job.domain, Capability(needed))


def jobs_recent(viewer: Viewer) -> list[Job]:
    """The newest jobs that the viewer may know of, oldest first."""
    return list(visible_rows(viewer, Job.objects.order_by("-created_at"))[:RECENT_JOBS])[::-1]


def job_text(body: Mapping[str, Any], viewer: Viewer) -> str:
    """The message about a job with the fields that the viewer sees clear; empty when he sees none."""
    domain, place = body["domain"], body.get("division", EVERYWHERE)
    shown = {
        name: str(unpacked(value)) if name in SPOKEN else value
        for name, value in body.items()
        if decide(viewer, "core.Job", name, place=place, domain=domain).is_clear
    }
    return orjson.dumps({"type": "job", **shown}, default=str).decode() if domain and shown else ""


def alarm_text(body: Mapping[str, Any], viewer: Viewer) -> str:
    """The message about an alarm with the fields that the viewer sees clear; empty when he sees none."""
    shown = alarm_changed_shown(body, viewer)
    return orjson.dumps({"type": "alarm", **shown}, default=str).decode() if shown else ""
