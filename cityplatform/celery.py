"""The Celery application: queues ``default`` and ``gpu``, tasks found in every app."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

from cityplatform.keys import refuse_without_keys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityplatform.settings")

app = Celery("cityplatform")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def keys_before_work(**_named: Any) -> None:
    """A worker reads and writes personal data too."""
    refuse_without_keys()
