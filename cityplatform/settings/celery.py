"""Queues ``default`` and ``gpu``; a task lost with its worker is delivered again."""

from __future__ import annotations

from celery.schedules import crontab

from cityplatform.settings import env
from cityplatform.settings.databases import REDIS_URL

# A task that simply takes longer is delivered a second time as well: long tasks hold a lock.
TASK_REDELIVERY_SECONDS = env.integer(
    "TASK_REDELIVERY_SECONDS", 60, "Seconds after which the task of a lost worker is given to another."
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
CELERY_TASK_ROUTES = {"apps.training.tasks.*": {"queue": "gpu"}}
CELERY_BEAT_SCHEDULE = {
    "partitions": {"task": "apps.sensing.tasks.partitions_ahead_task", "schedule": 3600.0},
    "rollups": {"task": "apps.sensing.tasks.rollups_refresh_task", "schedule": 5.0},
    "forecasts": {"task": "apps.training.tasks.forecasts_issue_task", "schedule": 300.0},
    "settle": {"task": "apps.training.tasks.forecasts_settle_task", "schedule": 300.0},
    "pulls": {"task": "apps.pulls.tasks.sources_due_task", "schedule": 10.0},
    "alarms": {"task": "apps.alerts.tasks.rules_evaluate_task", "schedule": 5.0},
    "mails": {"task": "apps.alerts.tasks.notifications_deliver_task", "schedule": 15.0, "args": ["mail"]},
    "hooks": {"task": "apps.alerts.tasks.notifications_deliver_task", "schedule": 15.0, "args": ["webhook"]},
    "seal": {"task": "apps.audit.tasks.entries_seal_task", "schedule": 3.0},
    "sharing": {"task": "apps.catalogue.tasks.requests_tend_task", "schedule": 60.0},
    "notices": {"task": "apps.catalogue.tasks.notices_deliver_task", "schedule": 15.0},
    "anchor": {"task": "apps.audit.tasks.anchor_task", "schedule": 3600.0},
    "verify": {"task": "apps.audit.tasks.access_log_verify_task", "schedule": 86400.0},
    "accounts": {"task": "apps.accounts.tasks.stale_accounts_disable_task", "schedule": 86400.0},
    # UTC: the small hours in China
    "lake": {"task": "apps.archive.tasks.lake_export_task", "schedule": crontab(hour="17", minute="10")},
    "expiry": {"task": "apps.archive.tasks.expire_task", "schedule": crontab(hour="18", minute="10")},
    "erasures": {
        "task": "apps.subjects.tasks.journal_sync_task",
        "schedule": crontab(hour="18", minute="55"),
    },
    "backup": {"task": "apps.archive.tasks.backup_task", "schedule": crontab(hour="19", minute="10")},
    "drill": {
        "task": "apps.archive.tasks.drill_task",
        "schedule": crontab(day_of_month="1", hour="20", minute="10"),
    },
}
