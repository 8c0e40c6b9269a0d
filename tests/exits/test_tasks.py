"""Every task of every worker: no result is kept, and neither its log lines nor its jobs tell of people."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from traceback import format_exception
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction

from apps.core.grades import Grade
from apps.core.models import Job
from apps.privacy.services.kernel import all_grades
from tests.exits.planting import WORD, canaries, plant_all

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::celery.exceptions.CDeprecationWarning"),  # the queue of GPU tasks
]
# Tasks that run here on planted rows, with the model whose row they are given.
RUN: dict[str, str] = {
    "apps.accounts.tasks.stale_accounts_disable_task": "",
    "apps.alerts.tasks.rules_evaluate_task": "",
    "apps.analytics.tasks.analysis_answer_task": "analytics.Analysis",
    "apps.audit.tasks.access_log_verify_task": "",
    "apps.audit.tasks.anchor_task": "",
    "apps.audit.tasks.entries_seal_task": "",
    "apps.catalogue.tasks.requests_tend_task": "",
    "apps.catalogue.tasks.notices_deliver_task": "",
    "apps.core.tasks.jobs_reap_task": "",
    "apps.pulls.tasks.sources_due_task": "",
    "apps.pulls.tasks.source_pull_task": "pulls.Source",
    "apps.scheduling.tasks.plan_solve_task": "scheduling.Plan",
    "apps.sensing.tasks.partitions_ahead_task": "",
    "apps.sensing.tasks.rollups_refresh_task": "",
    "apps.sensing.tasks.upload_import_task": "sensing.Upload",
    "apps.subjects.tasks.journal_sync_task": "",
    "apps.training.tasks.forecasts_issue_task": "",
    "apps.training.tasks.forecasts_settle_task": "",
    "apps.training.tasks.run_train_task": "training.Run",
}
# Tasks that are not run here, with the reason.
NOT_RUN: dict[str, str] = {
    "apps.alerts.tasks.notifications_deliver_task": "its messages are read in tests/alerts/test_telling.py",
    "apps.alerts.tasks.reveal_tell_task": "its mail is read in tests/privacy/test_reveals.py",
    "apps.archive.tasks.backup_make_task": "takes the whole cluster: tests/archive/test_whole.py",
    "apps.archive.tasks.backup_task": "takes the whole cluster: tests/archive/test_whole.py",
    "apps.archive.tasks.drill_run_task": "restores the whole cluster: tests/archive/test_drill.py",
    "apps.archive.tasks.drill_task": "restores the whole cluster: tests/archive/test_drill.py",
    "apps.archive.tasks.expire_task": "drops days of readings, no text: tests/archive/test_retention.py",
    "apps.archive.tasks.lake_export_task": "writes readings, no text: tests/archive/test_export.py",
    "apps.training.tasks.forecasts_overtake_task": "numbers only: tests/training/test_overtaking.py",
}
PERSONAL = Grade.L3


def ours() -> dict[str, Any]:
    """Every task of every app of ours by its name."""
    found = {}
    for config in apps.get_app_configs():
        if config.name.startswith("apps.") and find_spec(f"{config.name}.tasks"):
            module = import_module(f"{config.name}.tasks")
            for name, item in vars(module).items():
                if hasattr(item, "apply_async") and name.endswith("_task"):
                    found[f"{module.__name__}.{name}"] = item
    return found


def test_every_task_is_run_here_or_says_why_not() -> None:
    assert set(ours()) == set(RUN) | set(NOT_RUN)


def test_no_result_of_a_task_is_kept() -> None:
    assert settings.CELERY_TASK_IGNORE_RESULT
    assert not hasattr(settings, "CELERY_RESULT_BACKEND")


class Raised:
    """Keeps what a task raises: a worker writes it into its log."""

    text = ""

    def __enter__(self) -> Raised:
        return self

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        self.text = "".join(format_exception(error)) if error else ""
        return True


@pytest.mark.parametrize("name", sorted(RUN))
def test_neither_log_nor_job_of_a_task_tells_of_people(
    name: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    planted, grades = plant_all(), all_grades()
    arguments = [planted[apps.get_model(RUN[name])].pk] if RUN[name] else []
    with Raised() as raised, transaction.atomic():
        ours()[name].run(*arguments)
    said = f"{raised.text}{caplog.text}{''.join(capfd.readouterr())}"
    said += repr(list(Job.objects.exclude(pk=planted[Job].pk).values()))
    words = canaries()
    told = {words[word.decode()][0] for word in WORD.findall(said.encode()) if word.decode() in words}
    assert not [label for label in told if grades[label].grade >= PERSONAL]
