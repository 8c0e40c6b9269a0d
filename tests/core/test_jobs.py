"""The life of a job."""

from __future__ import annotations

import pytest

from apps.core.jobs import job_cancelled, job_create, job_progress, job_start, job_succeed, job_wish
from apps.core.models import JobState
from apps.core.signals import job_changed

pytestmark = pytest.mark.django_db


def test_each_step_is_announced_after_commit(django_capture_on_commit_callbacks: object) -> None:
    heard: list[str] = []

    def listen(body: dict[str, str], **_: object) -> None:
        heard.append(body["state"])

    job_changed.connect(listen)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # a fixture without a type
        job = job_create("train", title="t", domain="city", owner=None, total=3)
        job_start(job.pk, stage="reading")
        job_progress(job.pk, done=1)
        job_succeed(job.pk)
    assert heard == ["queued", "running", "running", "succeeded"]


def test_a_worker_learns_of_the_wish_to_cancel() -> None:
    job = job_create("train", title="t", domain="city", owner=None)
    job_start(job.pk)
    job_wish(job.pk, wish="cancel")
    assert job_progress(job.pk, done=1) == "cancel"


def test_a_queued_job_is_cancelled_at_once() -> None:
    job = job_create("train", title="t", domain="city", owner=None)
    assert job_wish(job.pk, wish="cancel").state == JobState.CANCELLED


def test_a_final_job_changes_no_more() -> None:
    job = job_create("train", title="t", domain="city", owner=None)
    job_cancelled(job.pk)
    assert job_succeed(job.pk).state == JobState.CANCELLED
