"""The life of a job."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from celery import Celery
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from apps.core import jobs
from apps.core.errors import ProblemError
from apps.core.jobs import (
    MOST_ATTEMPTS,
    JobBusyError,
    JobCancelledError,
    job_cancelled,
    job_create,
    job_lock_key,
    job_progress,
    job_running,
    job_send,
    job_start,
    job_succeed,
    job_wish,
    jobs_reap,
)
from apps.core.models import Job, JobKind, JobState
from apps.core.signals import job_changed

pytestmark = pytest.mark.django_db


def test_each_step_is_announced_after_commit(django_capture_on_commit_callbacks: object) -> None:
    heard: list[str] = []

    def listen(body: dict[str, str], **_: object) -> None:
        heard.append(body["state"])

    job_changed.connect(listen)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # a fixture without a type
        job = job_create(JobKind.TRAINING, title="t", domain="city", owner=None, total=3)
        job_start(job.pk, stage="reading")
        job_progress(job.pk, done=1)
        job_succeed(job.pk)
    assert heard == ["queued", "running", "running", "succeeded"]


def test_a_worker_learns_of_the_wish_to_cancel() -> None:
    job = job_create(JobKind.TRAINING, title="t", domain="city", owner=None)
    job_start(job.pk)
    job_wish(job.pk, wish="cancel")
    assert job_progress(job.pk, done=1) == "cancel"


def test_a_queued_job_is_cancelled_at_once() -> None:
    job = job_create(JobKind.TRAINING, title="t", domain="city", owner=None)
    assert job_wish(job.pk, wish="cancel").state == JobState.CANCELLED


def test_a_final_job_changes_no_more() -> None:
    job = job_create(JobKind.TRAINING, title="t", domain="city", owner=None)
    job_cancelled(job.pk)
    assert job_succeed(job.pk).state == JobState.CANCELLED


def queued() -> Job:
    return job_create(JobKind.UPLOAD, title="t", domain="city", owner=None)


def silent_since(job: Job, seconds: int) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, heartbeat_at=timezone.now() - timedelta(seconds=seconds)
    )


def stands(job: Job) -> tuple[str, str]:
    job.refresh_from_db()
    return job.state, job.message


@pytest.fixture
def other_worker() -> Iterator[object]:
    """A session of its own, as another worker has."""
    other = connections["default"].copy()
    yield other
    other.close()


def locked_by(other: object, job_id: UUID) -> None:
    with other.cursor() as cursor:  # type: ignore[attr-defined]  # a copied connection
        cursor.execute("SELECT pg_advisory_lock(%s)", [job_lock_key(job_id)])


def test_work_that_ends_well_succeeds_with_its_result() -> None:
    job = queued()
    with job_running(job.pk, stage="import") as running:
        assert running is not None
        running.result_url = "/portal/"
    assert stands(job) == ("succeeded", "")
    assert job.result_url == "/portal/"


@pytest.mark.parametrize(
    ("raised", "state", "words", "goes_on"),
    [
        (ProblemError("The file is gone."), "failed", "The file is gone.", False),
        (JobCancelledError(), "cancelled", "", False),
        (ValueError("secret"), "failed", "(ValueError)", True),
        (MemoryError(), "failed", "(MemoryError)", True),
        (RecursionError(), "failed", "(RecursionError)", True),
        (SoftTimeLimitExceeded(), "failed", "longer than a job may", True),
    ],
)
def test_whatever_happens_in_the_work_ends_the_job(
    raised: Exception, state: str, words: str, goes_on: bool
) -> None:
    job, came_out = queued(), False
    try:
        with job_running(job.pk):
            raise raised
    except type(raised):
        came_out = True
    found, message = stands(job)
    assert (found, came_out) == (state, goes_on)
    assert words in message
    assert "secret" not in message


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_connection_was_cut_ends_all_the_same() -> None:
    job = queued()
    with pytest.raises(Exception, match="terminat"), job_running(job.pk), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert stands(job)[0] == "failed"


def test_a_process_that_is_ended_leaves_the_job_for_the_next_delivery() -> None:
    job = queued()
    with pytest.raises(SystemExit), job_running(job.pk):
        raise SystemExit
    assert stands(job)[0] == "running"
    with job_running(job.pk) as again:
        assert again is not None
    assert stands(job)[0] == "succeeded"


def test_a_job_that_has_ended_is_not_worked_on_again() -> None:
    job = queued()
    job_cancelled(job.pk)
    with job_running(job.pk) as running:
        assert running is None
    assert stands(job)[0] == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_two_workers_are_never_at_one_job(other_worker: object) -> None:
    job = queued()
    locked_by(other_worker, job.pk)
    with pytest.raises(JobBusyError), job_running(job.pk):
        pytest.fail("the work was begun twice")
    assert stands(job)[0] == "queued"


def test_a_job_that_ends_its_workers_is_given_up() -> None:
    job = queued()
    for _attempt in range(MOST_ATTEMPTS):
        with pytest.raises(SystemExit), job_running(job.pk):
            raise SystemExit
    with job_running(job.pk) as running:
        assert running is None
    assert stands(job) == (
        "failed",
        "The worker was lost 5 times in the middle of this work; it is not tried again.",
    )


def test_a_job_without_a_worker_is_ended_when_it_has_been_silent_for_long() -> None:
    lost, fresh = queued(), queued()
    silent_since(lost, settings.JOB_LOST_SECONDS + 1)
    silent_since(fresh, settings.JOB_LOST_SECONDS - 60)
    assert jobs_reap() == 1
    assert stands(fresh)[0] == "running"
    state, words = stands(lost)
    assert state == "failed"
    assert "start it again" in words


@pytest.mark.django_db(transaction=True)
def test_a_silent_job_with_a_worker_goes_on(other_worker: object) -> None:
    job = queued()
    silent_since(job, settings.JOB_LOST_SECONDS + 1)
    locked_by(other_worker, job.pk)
    assert jobs_reap() == 0
    assert stands(job)[0] == "running"


def test_a_job_that_nobody_has_begun_within_a_day_is_ended() -> None:
    job = queued()
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(days=1, minutes=1))
    assert jobs_reap() == 1
    assert stands(job)[0] == "failed"


def test_a_wish_is_no_sign_of_life_and_ends_what_is_lost() -> None:
    job = queued()
    silent_since(job, settings.JOB_LOST_SECONDS - 60)
    before = Job.objects.get(pk=job.pk).heartbeat_at
    assert job_wish(job.pk, wish="cancel").heartbeat_at == before
    silent_since(job, settings.JOB_LOST_SECONDS + 1)
    assert job_wish(job.pk, wish="cancel").state == "failed"


def test_a_job_that_cannot_be_sent_fails_instead_of_waiting_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    job = queued()
    nobody = socket.socket()
    address = f"redis://127.0.0.1:{_closed(nobody)}/0"
    with nobody, Celery("lost", broker=address, set_as_current=False) as lost:
        lost.conf.task_publish_retry = False
        monkeypatch.setattr(jobs, "current_app", lost)
        job_send(job.pk, "apps.sensing.tasks.upload_import_task", 1)
    state, words = stands(job)
    assert state == "failed"
    assert "cannot be reached" in words


def _closed(listener: socket.socket) -> int:
    """A port on which nobody listens."""
    listener.bind(("127.0.0.1", 0))
    return int(listener.getsockname()[1])
