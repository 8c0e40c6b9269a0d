"""Every task has a queue by the length of its work, and nothing that the clock sends piles up."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from typing import Any

import pytest
from celery.schedules import crontab
from django.conf import settings

from cityplatform.celery import app, packages_of
from cityplatform.local.supervisor import procfile_read
from cityplatform.queues import QUEUES, task_name
from tests.services import ROOT

PROCFILE = procfile_read(ROOT / "Procfile")
LOADED = """
import sys, django
from cityplatform.celery import app
django.setup()
app.loader.import_default_modules()
print("torch" in sys.modules)
"""


def own_tasks() -> dict[str, Any]:
    for package in packages_of([]):
        import_module(f"{package}.tasks")
    return {name: task for name, task in app.tasks.items() if name.startswith("apps.")}


def test_every_task_has_a_route_and_every_route_a_task() -> None:
    assert set(own_tasks()) == set(settings.CELERY_TASK_ROUTES)


@pytest.mark.parametrize("queue", QUEUES)
def test_every_queue_has_a_process(queue: str) -> None:
    assert PROCFILE[queue] == f"docker/start/worker.sh {queue}"


@pytest.mark.parametrize("name", settings.CELERY_BEAT_SCHEDULE)
def test_what_the_clock_sends_exists_and_expires_before_it_piles_up(name: str) -> None:
    entry = settings.CELERY_BEAT_SCHEDULE[name]
    assert entry["task"] in settings.CELERY_TASK_ROUTES
    expires, schedule = entry["options"]["expires"], entry["schedule"]
    assert 0 < expires <= (6 * 3600 if isinstance(schedule, crontab) else max(30, schedule))


def test_a_task_sent_by_name_finds_its_queue() -> None:
    for short, queue in (("training.run_train", "train"), ("scheduling.plan_solve", "long")):
        assert app.amqp.router.route({}, task_name(short))["queue"].name == queue


def test_a_task_that_waits_for_a_job_asks_again_before_the_broker_hands_it_out_once_more() -> None:
    waiting = [task for task in own_tasks().values() if hasattr(task, "autoretry_for")]
    assert len(waiting) >= 6
    assert all(task.default_retry_delay < settings.TASK_REDELIVERY_SECONDS for task in waiting)


def test_no_long_task_runs_for_ever() -> None:
    tasks = own_tasks()
    for name, route in settings.CELERY_TASK_ROUTES.items():
        if route["queue"] == "long":
            task = tasks[name]
            assert 0 < task.soft_time_limit < task.time_limit


@pytest.mark.parametrize(("queue", "is_loaded"), [("realtime", False), ("long", False), ("infer", True)])
def test_only_workers_with_networks_load_torch(queue: str, is_loaded: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=ROOT,
        env=os.environ | {"WORKER_QUEUES": queue},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split()[-1] == str(is_loaded)
