"""The Celery application; a worker imports the tasks of its own queues alone, so that few load torch."""

from __future__ import annotations

import os
from contextvars import Token
from typing import Any

from celery import Celery
from celery.signals import task_postrun, task_prerun, worker_init

from apps.accounts.data import ACTING, Viewer
from cityplatform.keys import refuse_without_keys
from cityplatform.queues import QUEUES, TASKS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityplatform.settings")


def packages_of(queues: list[str]) -> list[str]:
    """The packages whose ``tasks`` have something for one of these queues, or for any when none is named."""
    wanted = {name.partition(".")[0] for queue in queues or QUEUES for name in TASKS[queue]}
    return sorted(f"apps.{app}" for app in wanted)


app = Celery("cityplatform")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(packages_of(list(filter(None, os.environ.get("WORKER_QUEUES", "").split(",")))))

WORKING: dict[str, Token[Viewer]] = {}


@task_prerun.connect
def task_acts_as_the_system(task_id: str, task: Any, **_named: Any) -> None:
    """A task is work of the platform; what it gives to people goes through the kernel all the same."""
    WORKING[task_id] = ACTING.set(Viewer(system=task.name))


@task_postrun.connect
def task_has_acted(task_id: str, **_named: Any) -> None:
    """The thread is nobody's again."""
    ACTING.reset(WORKING.pop(task_id))


@worker_init.connect
def keys_before_work(**_named: Any) -> None:
    """A worker reads and writes personal data too."""
    refuse_without_keys()
