"""Backups of a real cluster, restored into a scratch cluster and compared."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.archive.clusters.addresses import application_address
from apps.archive.models import Backup, BackupKind, DrillReport, Outcome
from apps.archive.selectors.backups import backup_folder
from apps.archive.services.asking import backup_ask, drill_ask
from apps.archive.services.backups import backup_make, backups_thin
from apps.archive.services.drills import drill_run
from apps.audit.services import Act, access_record, entries_seal
from apps.sensing.models import Thing
from apps.sensing.services import readings_store
from tests.archive.builders import city_of_oddities, late

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


def test_a_row_that_somebody_changed_in_the_backup_is_found() -> None:
    city_of_oddities()
    made = backup(BackupKind.BASE)
    page_of(made, b"School 1").replace_bytes(b"School 1", b"Schooh 1")
    report = drill()
    assert report.outcome == Outcome.FAILED
    assert "checksum mismatch" in report.differences[0]["fault"]
    assert "sensing_thing" in [entry["table"] for entry in report.differences]
    assert "sensing_observation_202609" not in [entry["table"] for entry in report.differences]


def test_an_entry_that_somebody_changed_in_the_access_log_is_found() -> None:
    first, _second = access_record(Act("login", rows=1)), access_record(Act("login"))
    entries_seal()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE audit_accessentry SET rows = 2 WHERE id = %s", [first.pk])
        cursor.execute("SET session_replication_role = DEFAULT")
    backup(BackupKind.BASE)
    report = drill()
    assert (report.outcome, report.chain_break, report.differences) == (Outcome.FAILED, first.pk, [])


def test_a_drill_is_exact_while_devices_write() -> None:
    streams = city_of_oddities()
    backup(BackupKind.BASE)
    with Writer(streams[0].pk) as writer:
        report = drill()
    assert (report.outcome, report.differences) == (Outcome.PASSED, [])
    assert writer.written > 50


def test_a_dump_is_restored_too_where_nothing_else_is_permitted(settings: Any) -> None:
    city_of_oddities()
    settings.BACKUP_DATABASE_URL = ""
    made = backup("")
    assert (made.kind, made.figures["sensing_observation_202609"][0]) == (BackupKind.DUMP, 576)
    Thing.objects.filter(name="School 1").update(name="Later")  # after the dump: no difference
    report = drill()
    assert (report.outcome, report.differences, report.message) == (Outcome.PASSED, [], "")
    page_of(made, b"").path.write_bytes(backup_folder(backup("")).read_bytes())
    Backup.objects.exclude(pk=made.pk).delete()
    report = drill()
    assert [entry["table"] for entry in report.differences][:1] == [""]
    assert "sensing_thing" in [entry["table"] for entry in report.differences]


def test_without_a_backup_there_is_no_drill() -> None:
    with pytest.raises(CommandError, match="no backup yet"):
        call_command("restore_drill")


def test_a_backup_that_cannot_be_made_says_why(settings: Any) -> None:
    settings.BACKUP_DATABASE_URL = settings.BACKUP_DATABASE_URL.replace("cityplatform_backup", "stranger")
    with pytest.raises(CommandError, match="password authentication failed"):
        call_command("backup")
    failed = Backup.objects.get()
    assert failed.outcome == Outcome.FAILED
    assert not backup_folder(failed).exists()


def test_only_so_many_backups_are_kept_and_the_log_since_the_oldest(settings: Any) -> None:
    settings.BACKUP_KEEP = 1
    first = backup(BackupKind.BASE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_switch_wal()")
    second = backup(BackupKind.BASE)
    assert backups_thin() == 0
    assert not backup_folder(first).exists()
    assert backup_folder(second).exists()
    assert list(Backup.objects.all()) == [second]


@dataclass
class Page:
    """A file of a backup that holds some bytes."""

    path: Path

    def replace_bytes(self, old: bytes, new: bytes) -> None:
        self.path.write_bytes(self.path.read_bytes().replace(old, new))


def page_of(made: Backup, content: bytes) -> Page:
    folder = backup_folder(made)
    if folder.is_file():
        return Page(folder)
    files = (path for path in sorted((folder / "base").rglob("*")) if path.is_file())
    return Page(next(path for path in files if content in path.read_bytes()))


class Writer(threading.Thread):
    """A device that writes one reading after the other."""

    def __init__(self, stream: int) -> None:
        super().__init__(daemon=True)
        self.stream, self.written, self.ended = stream, 0, threading.Event()

    def run(self) -> None:
        insert = (
            "INSERT INTO sensing_observation (datastream_id, phenomenon_time, result, quality, flags)"
            " VALUES (%s, timestamptz '2026-09-15Z' + %s * interval '1 second', 1, 0, 0)"
        )
        with application_address().connect() as device:
            while not self.ended.wait(0.005):
                device.execute(insert, [self.stream, self.written])
                self.written += 1

    def __enter__(self) -> Writer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.join(10)
