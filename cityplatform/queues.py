"""Which task waits in which queue.

Tasks are separated by how long they take, so that nothing short waits behind something long: ``realtime``
takes less than a second and must not be late, ``default`` waits for other systems, ``long`` takes minutes of
a processor, ``train`` hours of a network, ``infer`` seconds of one. The routes stand here and not at the
tasks, because the web process sends tasks by name, without the modules that load torch or a solver.
"""

from __future__ import annotations

TASKS = {
    "realtime": (
        "alerts.rules_evaluate",
        "audit.entries_seal",
        "sensing.rollups_refresh",
    ),
    "default": (
        "accounts.stale_accounts_disable",
        "alerts.notifications_deliver",
        "alerts.reveal_tell",
        "archive.backup",
        "archive.drill",
        "audit.anchor",
        "catalogue.notices_deliver",
        "catalogue.requests_tend",
        "core.jobs_reap",
        "pulls.source_pull",
        "pulls.sources_due",
        "sensing.partitions_ahead",
        "subjects.journal_sync",
    ),
    "long": (
        "analytics.analysis_answer",
        "archive.backup_make",
        "archive.drill_run",
        "archive.expire",
        "archive.lake_export",
        "audit.access_log_verify",
        "scheduling.plan_solve",
        "sensing.upload_import",
    ),
    "train": ("training.run_train",),
    "infer": ("training.forecasts_issue", "training.forecasts_overtake", "training.forecasts_settle"),
}
QUEUES = tuple(TASKS)


def task_name(short: str) -> str:
    """``app.verb`` as Celery knows it: ``apps.app.tasks.verb_task``."""
    app, verb = short.split(".")
    return f"apps.{app}.tasks.{verb}_task"
