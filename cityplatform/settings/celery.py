"""What the clock sends, and how tasks are delivered: again, when one was lost with its worker."""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab

from cityplatform.queues import TASKS, task_name
from cityplatform.settings import env
from cityplatform.settings.databases import REDIS_URL

# A task that takes longer is delivered a second time as well: long tasks are jobs, and a job has a lock.
TASK_REDELIVERY_SECONDS = env.integer(
    "TASK_REDELIVERY_SECONDS", 60, "Seconds after which the task of a lost worker is given to another."
)
# The second delivery asks for the lock again and again. A pause as long as the redelivery would let the
# broker hand the waiting task out once more, and once more.
TASK_BUSY_SECONDS = TASK_REDELIVERY_SECONDS / 3
JOB_LOST_SECONDS = env.integer(
    "JOB_LOST_SECONDS", 900, "Seconds without a sign of life after which a job without a worker has failed."
)
LONG_TASK_SECONDS = env.integer(
    "LONG_TASK_SECONDS", 21600, "Seconds after which a task of the queue long is ended and its job fails."
)
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": TASK_REDELIVERY_SECONDS}
CELERY_TIMEZONE = "UTC"

CELERY_TASK_ROUTES = {task_name(short): {"queue": queue} for queue, names in TASKS.items() for short in names}

# First a word to the task, which ends its job as failed; a minute later the process, and the reaper does it.
CELERY_TASK_ANNOTATIONS = {
    task_name(short): {"soft_time_limit": LONG_TASK_SECONDS, "time_limit": LONG_TASK_SECONDS + 60}
    for short in TASKS["long"]
}
NIGHTLY_HOURS = 6
SKEW_SECONDS = 30.0  # the clocks of two machines may differ by less than this


def _every(seconds: float, task: str, *args: str) -> dict[str, Any]:
    """Sent again and again; one that has waited until the next is due is not run."""
    expires = {"expires": max(seconds, SKEW_SECONDS)}
    return {"task": task_name(task), "schedule": seconds, "args": args, "options": expires}


def _nightly(task: str, *, hour: int, minute: int, day_of_month: str = "*") -> dict[str, Any]:
    """Sent at a time of UTC (the small hours in China); one that has waited until the morning is not run."""
    when = crontab(hour=f"{hour}", minute=f"{minute}", day_of_month=day_of_month)
    return {"task": task_name(task), "schedule": when, "options": {"expires": NIGHTLY_HOURS * 3600.0}}


CELERY_BEAT_SCHEDULE = {
    "partitions": _every(3600, "sensing.partitions_ahead"),
    "rollups": _every(5, "sensing.rollups_refresh"),
    "forecasts": _every(300, "training.forecasts_issue"),
    "settle": _every(300, "training.forecasts_settle"),
    "pulls": _every(10, "pulls.sources_due"),
    "alarms": _every(5, "alerts.rules_evaluate"),
    "mails": _every(15, "alerts.notifications_deliver", "mail"),
    "hooks": _every(15, "alerts.notifications_deliver", "webhook"),
    "seal": _every(3, "audit.entries_seal"),
    "sharing": _every(60, "catalogue.requests_tend"),
    "notices": _every(15, "catalogue.notices_deliver"),
    "lost_jobs": _every(60, "core.jobs_reap"),
    "anchor": _every(3600, "audit.anchor"),
    "verify": _every(86400, "audit.access_log_verify"),
    "accounts": _every(86400, "accounts.stale_accounts_disable"),
    "lake": _nightly("archive.lake_export", hour=17, minute=10),
    "expiry": _nightly("archive.expire", hour=18, minute=10),
    "erasures": _nightly("subjects.journal_sync", hour=18, minute=55),
    "backup": _nightly("archive.backup", hour=19, minute=10),
    "drill": _nightly("archive.drill", hour=20, minute=10, day_of_month="1"),
}
