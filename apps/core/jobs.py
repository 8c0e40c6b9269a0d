"""The life of a job. Every step is announced after commit, so that screens can follow it.

A worker does the work inside ``job_running``, calls ``job_progress`` as often as it likes and obeys the wish
that it returns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any, TypedDict
from uuid import UUID

import structlog
from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from kombu.exceptions import OperationalError

from apps.core.divisions import EVERYWHERE
from apps.core.errors import ProblemError
from apps.core.locks import lock_try, locked
from apps.core.models import FINAL, Job, JobKind, JobState
from apps.core.sentences import sentence as _
from apps.core.sentences import sentence_kept
from apps.core.signals import job_changed

MOST_ATTEMPTS = 5  # a job that has killed its worker so often would kill the next one as well
UNSTARTED = timedelta(days=1)
log = structlog.get_logger("jobs")


class JobBusyError(Exception):
    """Another worker is at this job."""


class JobCancelledError(Exception):
    """Raised inside ``job_running`` when the work stops because somebody wished so."""


class Retrying(TypedDict):
    """Options of a Celery task."""

    autoretry_for: tuple[type[Exception], ...]
    default_retry_delay: int
    max_retries: int | None


# For ``shared_task``: how a task waits while another worker holds the lock of its job, since the broker
# delivers a task that takes long a second time.
WAITS_FOR_JOB: Retrying = {
    "autoretry_for": (JobBusyError,),
    "default_retry_delay": max(round(settings.TASK_BUSY_SECONDS), 1),
    "max_retries": None,
}


def job_body(job: Job) -> dict[str, Any]:
    """What a screen is told about a job."""
    return {
        "id": str(job.pk),
        "kind": job.kind,
        "title": job.title,
        "domain": job.domain,
        "division": job.division,
        "state": job.state,
        "stage": job.stage,
        "done": job.done,
        "total": job.total,
        "figures": job.figures,
        "message": job.message,
        "wish": job.wish,
        "result_url": job.result_url,
    }


def _announce(job: Job) -> None:
    send = partial(job_changed.send, sender=Job, job_id=job.pk, domain=job.domain, body=job_body(job))
    transaction.on_commit(send)


def job_create(
    kind: JobKind,
    *,
    title: str | Promise,
    domain: str,
    owner: Model | None,
    total: int = 0,
    division: str = EVERYWHERE,
) -> Job:
    """A queued job, announced after commit.

    ``division``: where the object of the work lies, "" where it has no place; by default only people of the
    whole city see the job.
    """
    job = Job.objects.create(
        kind=kind,
        title=sentence_kept(title),
        domain=domain,
        division=division,
        owner_id=owner.pk if owner else None,
        total=total,
    )
    _announce(job)
    return job


def _change(job_id: UUID, **values: Any) -> Job:
    """Write ``values`` unless the job is final; returns the job as it stands now."""
    Job.objects.filter(pk=job_id).exclude(state__in=FINAL).update(heartbeat_at=timezone.now(), **values)
    job = Job.objects.get(pk=job_id)
    _announce(job)
    return job


def job_send(job_id: UUID, task: str, *arguments: Any) -> None:
    """Hand the task of a job to its queue, by name; without a broker the job fails and says so.

    It is called after the commit: an error here would tell the caller that nothing was kept.
    """
    try:
        current_app.send_task(task, args=arguments)
    except OperationalError:
        log.exception("job_unsent", job=str(job_id))
        job_fail(job_id, message=_("The queue of the workers cannot be reached; start it again in a minute."))


def job_lock_key(job_id: UUID) -> int:
    """The number of a job's advisory lock; the server frees it when the worker dies."""
    return int.from_bytes(job_id.bytes[:8], signed=True)


@contextmanager
def _job_lock(job_id: UUID) -> Iterator[None]:
    with locked(job_lock_key(job_id)) as is_ours:
        if not is_ours:
            raise JobBusyError
        yield


@contextmanager
def job_running(job_id: UUID, *, stage: str = "", total: int = 0) -> Iterator[Job | None]:
    """Do the work of a job inside: whatever happens there, the job does not stay "running".

    Gives the job, or None when there is nothing (more) to do. The body sets ``result_url`` and ``message`` of
    the job that it is given. It ends as succeeded; as cancelled by JobCancelledError; as failed by
    ProblemError, whose words are the reason; as failed by every other exception, which is raised again. Only
    a process that is ended leaves it running, for the broker delivers its task again: ``jobs_reap`` ends it
    when nobody takes it up. Raises JobBusyError when another worker is at it.
    """
    with _job_lock(job_id):
        job = Job.objects.get(pk=job_id)
        if job.is_final or not _job_begin(job, stage=stage, total=total):
            yield None
            return
        try:
            yield job
            job_succeed(job_id, result_url=job.result_url, message=job.message)
        except JobCancelledError:
            job_cancelled(job_id)
        except ProblemError as error:
            job_fail(job_id, message=error.detail)
        except SoftTimeLimitExceeded:
            job_fail(job_id, message=_("The work took longer than a job may; ask for less at a time."))
            raise
        except Exception as error:
            _job_fault(job_id, error)
            raise


def _job_begin(job: Job, *, stage: str, total: int) -> bool:
    """Mark the job as running, unless it has ended its worker too often."""
    Job.objects.filter(pk=job.pk).update(attempts=F("attempts") + 1)
    if job.attempts >= MOST_ATTEMPTS:
        words = _("The worker was lost %(count)d times in the middle of this work; it is not tried again.")
        job_fail(job.pk, message=words % {"count": job.attempts})
        return False
    job_start(job.pk, stage=stage, total=total)
    return True


def _job_fault(job_id: UUID, error: Exception) -> None:
    """A fault of ours ends the job; without a database the reaper does it later."""
    words = _("The work stopped by a fault (%(kind)s); see the log of the worker, then start it again.")
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()  # a fault of the connection itself is written by a new one
    try:
        job_fail(job_id, message=words % {"kind": type(error).__name__})
    except Error:
        log.warning("job_fault_unwritten", job=str(job_id), kind=type(error).__name__)


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


def job_succeed(job_id: UUID, *, result_url: str = "", message: str | Promise = "") -> Job:
    """The work is done; where to see it."""
    return _finish(job_id, JobState.SUCCEEDED, message, result_url)


def job_fail(job_id: UUID, *, message: str | Promise) -> Job:
    """The work stopped; ``message`` says what to do."""
    return _finish(job_id, JobState.FAILED, message, "")


def job_cancelled(job_id: UUID, *, message: str | Promise = "") -> Job:
    """The work stopped because somebody wished so."""
    return _finish(job_id, JobState.CANCELLED, message, "")


def _finish(job_id: UUID, state: JobState, message: str | Promise, result_url: str) -> Job:
    now = timezone.now()
    return _change(job_id, state=state, message=message, result_url=result_url, finished_at=now)


def job_wish(job_id: UUID, *, wish: str) -> Job:
    """Ask a job to ``cancel``, or to ``take`` its best answer so far.

    A queued job is cancelled at once, and so is one whose worker is gone.
    """
    if wish == "cancel" and job_reap(job_id):
        return Job.objects.get(pk=job_id)
    Job.objects.filter(pk=job_id).exclude(state__in=FINAL).update(wish=wish)
    job = Job.objects.get(pk=job_id)
    _announce(job)
    if job.state == JobState.QUEUED and wish == "cancel":
        return job_cancelled(job_id)
    return job


@transaction.atomic
def job_reap(job_id: UUID) -> bool:
    """End a job that has shown no sign of life and whose lock nobody holds; whether it was one."""
    if not lock_try(job_lock_key(job_id)):
        return False
    job = _silent().filter(pk=job_id).first()
    if job is None:
        return False
    if job.state == JobState.QUEUED:
        words = _("No worker took this job up within a day; start it again.")
    else:
        words = _("The worker of this job was lost and no other took it up; start it again.")
    job_fail(job_id, message=words)
    log.warning("job_reaped", job=str(job_id), state=job.state)
    return True


def _silent() -> QuerySet[Job]:
    """Jobs that never began, or of which nobody has heard for longer than a redelivery takes."""
    now = timezone.now()
    lost, unstarted = now - timedelta(seconds=settings.JOB_LOST_SECONDS), now - UNSTARTED
    begun = Q(state=JobState.RUNNING) & (Q(heartbeat_at=None) | Q(heartbeat_at__lt=lost))
    return Job.objects.filter(begun | Q(state=JobState.QUEUED, created_at__lt=unstarted))


def jobs_reap() -> int:
    """End every job whose task is gone; returns how many there were."""
    return sum(job_reap(job_id) for job_id in list(_silent().values_list("pk", flat=True)))
