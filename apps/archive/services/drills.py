"""The restore drill: the newest backup is restored into a scratch cluster and compared with the database."""

from __future__ import annotations

import shutil

import psycopg
import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone

from apps.archive.clusters.addresses import Address, application_address, backup_address
from apps.archive.clusters.chain import chain_break_at
from apps.archive.clusters.figures import Figures, database_cut, differences, figures_from, figures_of
from apps.archive.clusters.restoring import base_restored, dump_restored
from apps.archive.clusters.scratch import scratch_folder
from apps.archive.models import Backup, BackupKind, DrillReport, Outcome
from apps.archive.selectors.backups import backup_folder, log_folder
from apps.archive.services.backups import base_verify, file_sm3, only_keeper
from apps.archive.services.wal import log_fetch
from apps.core.errors import ProblemError
from apps.core.jobs import job_progress, job_running
from apps.core.sentences import sentence as _
from apps.core.sentences import sentence_of

END = "SELECT (pg_current_wal_insert_lsn() - 1)::text"
log = structlog.get_logger("archive")


def drill_run(drill: DrillReport) -> DrillReport:
    """Restore, compare, report; the scratch cluster is gone afterwards. A second call does nothing."""
    if drill.job_id is None:
        return drill
    with only_keeper(), job_running(drill.job_id, stage="verify", total=100) as job:
        drill.refresh_from_db()
        if job is not None and drill.outcome == Outcome.RUNNING:
            _run(drill)
    return drill


def _run(drill: DrillReport) -> None:
    """ProblemError tells the job why the drill has failed."""
    try:
        _drill(drill)
    except (ProblemError, psycopg.Error, OSError) as error:
        drill.message = sentence_of(error)
    finally:
        shutil.rmtree(settings.DRILL_DIR, ignore_errors=True)
    if not _end(drill):
        raise ProblemError(drill.message or _("The restored database differs; see the report."))


def _drill(drill: DrillReport) -> None:
    backup = drill.backup
    if backup is None:
        raise ProblemError(_("There is no backup yet; make one first."))
    if fault := _fault(backup):
        drill.differences.append({"table": "", "fault": str(fault)[:300]})
    if backup.kind == BackupKind.BASE:
        _base_drill(drill, backup)
    else:
        _dump_drill(drill, backup)


def _fault(backup: Backup) -> str:
    """What is wrong with the files of a backup; "" when they are those that were written."""
    folder = backup_folder(backup)
    if not folder.exists():
        raise ProblemError(_("The files of the backup %(path)s are gone.") % {"path": backup.path})
    is_base = backup.kind == BackupKind.BASE
    if file_sm3(folder / "backup_manifest" if is_base else folder) != backup.checksum:
        return _("The checksum of the backup is not the one that was kept.")
    try:
        if is_base:
            base_verify(folder)
    except ProblemError as error:
        return sentence_of(error)
    return ""


def _base_drill(drill: DrillReport, backup: Backup) -> None:
    """Replay the log up to this very moment, and compare with what the database holds at it."""
    address, replication = application_address(), backup_address()
    if replication is None:
        raise ProblemError(_("No role may copy the cluster: set BACKUP_DATABASE_URL, or ask for a dump."))
    _tell(drill, 10, "compare")
    with database_cut(address) as cut:
        drill.replayed_to = cut.lsn
        expected = figures_of(cut.connection)
    drill.save()
    with connection.cursor() as cursor:
        cursor.execute(END)
        end = cursor.fetchone()[0]
    drill.save()  # something after the end, for the receiver to pass it
    log_fetch(replication, until=end)
    _tell(drill, 40, "restore")
    base, log_files = backup_folder(backup), log_folder()
    with base_restored(
        scratch_folder(), base=base, log=log_files, until=drill.replayed_to, like=address
    ) as there:
        _compare(drill, expected, there)


def _dump_drill(drill: DrillReport, backup: Backup) -> None:
    """Restore the file, and compare with what the database held when it was written."""
    _tell(drill, 40, "restore")
    dump, like = backup_folder(backup), application_address()
    with dump_restored(scratch_folder(), dump=dump, like=like) as there:
        _compare(drill, figures_from(backup.figures), there)


def _compare(drill: DrillReport, expected: Figures, there: Address) -> None:
    """Every table by count and checksum, and the access log by its chain."""
    _tell(drill, 70, "compare")
    with there.connect() as restored:
        found = figures_of(restored)
    drill.tables, drill.rows = len(found), sum(item.rows for item in found.values())
    drill.differences += differences(expected, found)
    _tell(drill, 90, "chain")
    drill.chain_break = chain_break_at(there)


def _end(drill: DrillReport) -> bool:
    well = not drill.differences and not drill.message and drill.chain_break is None and drill.tables > 0
    drill.outcome, drill.ended_at = (Outcome.PASSED if well else Outcome.FAILED), timezone.now()
    drill.save()
    say = log.info if well else log.error
    say("drill_ended", outcome=drill.outcome, tables=drill.tables, differences=len(drill.differences))
    return well


def _tell(drill: DrillReport, done: int, stage: str) -> None:
    if drill.job_id:
        job_progress(drill.job_id, done=done, stage=stage)
