"""Backups of the database: a base backup that the log completes, or a dump where that is not permitted."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

import psycopg
import structlog
from cryptography.hazmat.primitives.hashes import SM3, Hash
from django.conf import settings
from django.utils import timezone

from apps.archive.clusters.addresses import Address, application_address, backup_address
from apps.archive.clusters.figures import database_cut, figures_of, figures_plain
from apps.archive.clusters.programs import program, program_run, program_watch
from apps.archive.models import Backup, BackupKind, DrillReport, Outcome
from apps.archive.selectors.backups import backup_folder
from apps.archive.services.wal import log_command, log_cut_off
from apps.core.errors import ProblemError
from apps.core.jobs import JobBusyError, job_progress, job_running
from apps.core.locks import Lock, locked
from apps.core.sentences import sentence as _
from apps.core.sentences import sentence_of

FIRST_LOG = re.compile(r"START WAL LOCATION: \S+ \(file (\w+)\)")
PIECE = 1 << 20
PLAIN = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
log = structlog.get_logger("archive")


class ArchiveBusyError(JobBusyError):
    """Another process makes a backup or a drill."""


@contextmanager
def only_keeper() -> Iterator[None]:
    """Hold backups and drills; ArchiveBusyError when another process does."""
    with locked(Lock.BACKUP) as is_ours:
        if not is_ours:
            raise ArchiveBusyError
        yield


def backup_make(backup: Backup) -> Backup:
    """Take a backup that was asked for, verify it, and delete those that are too many.

    What goes wrong ends it as failed, with the reason in ``message``; what is no ProblemError and no error of
    a database is raised as well. A second call does nothing.
    """
    if backup.job_id is None:
        return backup
    with only_keeper(), job_running(backup.job_id, stage="backup", total=100) as job:
        backup.refresh_from_db()
        if job is not None and backup.outcome == Outcome.RUNNING:
            _make(backup)
    return backup


def _make(backup: Backup) -> None:
    target = backup_folder(backup)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _delete(target)  # what a lost worker had begun
    try:
        MAKERS[BackupKind(backup.kind)](backup, target)
    except Exception as error:
        _delete(target)
        _end(backup, Outcome.FAILED, message=sentence_of(error))
        if isinstance(error, psycopg.Error | OSError):
            raise ProblemError(sentence_of(error)) from error
        raise
    backup.verified_at = timezone.now()
    _end(backup, Outcome.PASSED)
    backups_thin()


def _end(backup: Backup, outcome: Outcome, *, message: str = "") -> None:
    backup.outcome, backup.message, backup.ended_at = outcome, message, timezone.now()
    backup.save()
    log.info("backup_ended", path=backup.path, outcome=outcome.value, bytes=backup.size)


def _base(backup: Backup, target: Path) -> None:
    """The files of the whole cluster; the log from its first file on completes them."""
    address = _replication()
    log_command(address)  # the slot first: from now on nothing of the log is thrown away
    command = [program("pg_basebackup"), *address.options(), f"--pgdata={target}", "--checkpoint=fast"]
    command += ["--wal-method=stream", "--progress", "--manifest-checksums=SHA256", "--label=cityplatform"]
    program_watch(command, environment=address.environment(), watcher=_watcher(backup))
    found = FIRST_LOG.search((target / "backup_label").read_text(encoding="utf-8"))
    backup.first_log = found[1] if found else ""
    backup.checksum = file_sm3(target / "backup_manifest")
    backup.size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    base_verify(target)


def _replication() -> Address:
    address = backup_address()
    if address is None:
        raise ProblemError(_("No role may copy the cluster: set BACKUP_DATABASE_URL, or ask for a dump."))
    return address


def base_verify(target: Path) -> None:
    """Compare every file with the backup's list of checksums; ProblemError names the first that differs."""
    program_run([program("pg_verifybackup"), "--quiet", str(target)], environment=PLAIN)


def _dump(backup: Backup, target: Path) -> None:
    """One file, and the figures of every table at the very moment of the dump."""
    address = application_address()
    with database_cut(address) as cut:
        command = [program("pg_dump"), *address.options(), f"--dbname={address.name}", f"--file={target}"]
        command += ["--format=custom", f"--snapshot={cut.snapshot}", "--enable-row-security"]
        program_run(command, environment=address.environment())
        backup.figures = figures_plain(figures_of(cut.connection))
    backup.checksum, backup.size = file_sm3(target), target.stat().st_size


MAKERS: dict[BackupKind, Callable[[Backup, Path], None]] = {BackupKind.BASE: _base, BackupKind.DUMP: _dump}


def _watcher(backup: Backup) -> Callable[[int], None]:
    def watch(percent: int) -> None:
        if backup.job_id:
            job_progress(backup.job_id, done=min(percent, 99))

    return watch


def job_outcome_keep(job_id: UUID, *, message: str) -> None:
    """The job of a backup or a drill has ended without it: no worker is at it any more, and it has failed."""
    for model in (Backup, DrillReport):
        model.objects.filter(job_id=job_id, outcome=Outcome.RUNNING).update(
            outcome=Outcome.FAILED, message=message, ended_at=timezone.now()
        )


def backups_thin() -> int:
    """Delete the oldest backups beyond the number that is kept, failed ones too; returns how many went."""
    whole = list(Backup.objects.filter(outcome=Outcome.PASSED).order_by("-started_at"))
    kept = whole[: max(settings.BACKUP_KEEP, 1)]
    oldest = kept[-1].started_at
    gone = whole[len(kept) :] + list(Backup.objects.filter(outcome=Outcome.FAILED, started_at__lt=oldest))
    for backup in gone:
        _delete(backup_folder(backup))
        backup.delete()
    log_cut_off(kept)
    return len(gone)


def _delete(target: Path) -> None:
    if target.is_dir():
        shutil.rmtree(target)
    with suppress(FileNotFoundError):
        target.unlink()


def file_sm3(path: Path) -> str:
    """SM3 of a file, in hexadecimal."""
    digest = Hash(SM3())
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.finalize().hex()
