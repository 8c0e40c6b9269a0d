"""Taking a question: everything that can be wrong with it is said before anything is computed."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from apps.accounts.data import Capability, Viewer
from apps.accounts.selectors import user_get
from apps.analytics.data import Question
from apps.analytics.models import KINDS, Analysis
from apps.analytics.signals import analysis_queued
from apps.core.divisions import division_around
from apps.core.domains import layers_by_id
from apps.core.errors import ProblemError
from apps.core.jobs import job_create
from apps.core.models import JobKind
from apps.core.sentences import sentence as _
from apps.sensing.selectors import datastreams_visible

MOST_STREAMS = 200
PAIRED = {"correlation", "regression", "classification", "bottleneck"}
TARGETED = {"regression", "classification"}


@transaction.atomic
def analysis_ask(question: Question, *, viewer: Viewer) -> Analysis:
    """Keep the question and queue it; ProblemError names the field that does not fit."""
    if not viewer.may(question.domain, Capability.TRAIN):
        raise ProblemError(_("Your role may not ask for analyses in this domain."), "domain", 403, "role")
    _check(question)
    question, division = _placed(question, viewer)
    owner = user_get(viewer.user_id) if viewer.user_id else None
    title = dict(KINDS)[question.kind]
    analysis = Analysis.objects.create(
        domain=question.domain,
        division=division,
        kind=question.kind,
        parameters=question_json(question),
        asked_by_id=viewer.user_id or 0,
        job=job_create(JobKind.ANALYSIS, title=title, domain=question.domain, division=division, owner=owner),
    )
    transaction.on_commit(partial(analysis_queued.send, sender=Analysis, analysis_id=analysis.pk))
    return analysis


def _check(question: Question) -> None:
    if question.kind not in dict(KINDS):
        raise ProblemError(_("There is no such question."), "kind", code="unknown")
    if question.start >= question.end:
        raise ProblemError(_("The start must lie before the end."), "start")
    if question.kind == "areas" and not _is_polygon_layer(question):
        raise ProblemError(_("Name a layer of polygons of this domain."), "layer", code="unknown")


def _is_polygon_layer(question: Question) -> bool:
    found = layers_by_id().get(question.layer)
    return found is not None and found[0].slug == question.domain and found[1].geometry == "polygon"


def _placed(question: Question, viewer: Viewer) -> tuple[Question, str]:
    """The question with its streams, every one of which the viewer may see, the target first; and its place.

    The answer speaks of all of them, so it is for people who may see all of them.
    """
    wanted = dict.fromkeys(
        [question.target, *question.streams] if question.kind in TARGETED else question.streams
    )
    least = 2 if question.kind in PAIRED else 1
    if not least <= len(wanted) <= MOST_STREAMS:
        detail = _("Name between %(least)d and %(most)d datastreams.")
        raise ProblemError(detail % {"least": least, "most": MOST_STREAMS}, "streams")
    rows = datastreams_visible(viewer=viewer, domain=question.domain).filter(pk__in=wanted)
    places = dict(rows.values_list("pk", "thing__division"))
    missing = set(wanted) - set(places)
    if missing:
        detail = _("There is no datastream %(pk)d in this domain, or you may not see it.")
        raise ProblemError(detail % {"pk": min(missing)}, "streams", code="unknown")
    return replace(question, streams=tuple(wanted)), division_around(places.values())


def question_json(question: Question) -> dict[str, Any]:
    """The question as JSON; ``question_of`` reads it back."""
    plain = asdict(question)
    return {**plain, "start": question.start.isoformat(), "end": question.end.isoformat()}


def question_of(analysis: Analysis) -> Question:
    """The question of an analysis."""
    plain = dict(analysis.parameters)
    times = {name: datetime.fromisoformat(plain.pop(name)) for name in ("start", "end")}
    return Question(**{**plain, **times, "streams": tuple(plain["streams"])})
