"""The life of a job. Every step is announced after commit, so that screens can follow it.

A worker calls ``job_progress`` as often as it likes and obeys the wish that it returns.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from apps.core.models import FINAL, Job, JobState
from apps.core.signals import job_changed


def job_body(job: Job) -> dict[str, Any]:
    """What a screen is told about a job."""
    return {
        "id": str(job.pk),
        "kind": job.kind,
        "title": job.title,
        "domain": job.domain,
        "state": job.state,
        "stage": job.stage,
        "done": job.done,
        "total": job.total,
        "figures": job.figures,
        "message": job.message,
        "result_url": job.result_url,
    }


def _announce(job: Job) -> None:
    send = partial(job_changed.send, sender=Job, job_id=job.pk, domain=job.domain, body=job_body(job))
    transaction.on_commit(send)


def job_create(kind: str, *, title: str, domain: str, owner: Model | None, total: int = 0) -> Job:
    """A queued job, announced after commit."""
    owner_id = owner.pk if owner else None
    job = Job.objects.create(kind=kind, title=title[:200], domain=domain, owner_id=owner_id, total=total)
    _announce(job)
    return job


def _change(job_id: UUID, **values: Any) -> Job:
    """Write ``values`` unless the job is final; returns the job as it stands now."""
    Job.objects.filter(pk=job_id).exclude(state__in=FINAL).update(heartbeat_at=timezone.now(), **values)
    job = Job.objects.get(pk=job_id)
    _announce(job)
    return job


def job_start(job_id: UUID, *, stage: str = "", total: int = 0) -> Job:
    """Mark the job as running; a job started again after a lost worker keeps its first start time."""
    first = Job.objects.filter(pk=job_id, started_at=None)
    first.update(started_at=timezone.now())
    return _change(job_id, state=JobState.RUNNING, stage=stage, total=total)


def job_progress(
    job_id: UUID, *, done: int, stage: str | None = None, figures: Mapping[str, Any] | None = None
) -> str:
    """Say how far the work is; returns the wish of the people: ``""``, ``"cancel"`` or ``"take"``."""
    values: dict[str, Any] = {"done": done}
    if stage is not None:
        values["stage"] = stage
    if figures is not None:
        values["figures"] = dict(figures)
    return _change(job_id, **values).wish


def job_succeed(job_id: UUID, *, result_url: str = "", message: str = "") -> Job:
    """The work is done; where to see it."""
    return _finish(job_id, JobState.SUCCEEDED, message, result_url)


def job_fail(job_id: UUID, *, message: str) -> Job:
    """The work stopped; ``message`` says what to do."""
    return _finish(job_id, JobState.FAILED, message, "")


def job_cancelled(job_id: UUID, *, message: str = "") -> Job:
    """The work stopped because somebody wished so."""
    return _finish(job_id, JobState.CANCELLED, message, "")


def _finish(job_id: UUID, state: JobState, message: str, result_url: str) -> Job:
    now = timezone.now()
    return _change(job_id, state=state, message=message[:500], result_url=result_url, finished_at=now)


def job_wish(job_id: UUID, *, wish: str) -> Job:
    """Ask a job to ``cancel``, or to ``take`` its best answer so far; a queued job is cancelled at once."""
    job = _change(job_id, wish=wish)
    if job.state == JobState.QUEUED and wish == "cancel":
        return job_cancelled(job_id)
    return job
