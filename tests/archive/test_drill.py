"""Backups of a real cluster, restored into a scratch cluster and compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.archive.models import Backup, BackupKind, DrillReport, Outcome
from apps.archive.selectors.backups import backup_folder
from apps.archive.services.asking import backup_ask, drill_ask
from apps.archive.services.backups import backup_make, backups_thin
from apps.archive.services.drills import drill_run
from apps.audit.services import Act, access_record
from tests.archive.builders import city_of_oddities, late
from apps.sensing.services import readings_store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, settings: Any) -> None:
    settings.BACKUP_DIR = tmp_path / "backup"


def backup(kind: str) -> Backup:
    made = backup_make(backup_ask(kind=kind, queue=False))
    assert made.outcome == Outcome.PASSED, made.message
    return made


def drill() -> DrillReport:
    return drill_run(drill_ask(queue=False))


def test_a_base_backup_and_the_log_after_it_give_the_database_back(settings: Any) -> None:
    streams = city_of_oddities()
    backup(BackupKind.BASE)
    readings_store(batch=late(streams[0].pk))
    access_record(Act("login"))
    report = drill()
    assert (report.outcome, report.differences, report.message) == (Outcome.PASSED, [], "")
    assert report.tables > 50
    assert report.chain_break is None
    assert report.replayed_to
    assert not Path(settings.DRILL_DIR).exists()
