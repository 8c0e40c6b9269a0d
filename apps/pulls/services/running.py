"""Sources asked when they are due, one worker a source; every attempt leaves a line in the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise

from apps.accounts.data import Capability, Viewer
from apps.core.errors import ProblemError
from apps.core.locks import Lock, locked
from apps.core.sentences import sentence as _
from apps.core.sentences import sentence_of
from apps.pulls.data import Fetched
from apps.pulls.models import PullRun, PullState, Source
from apps.pulls.readers import fhir, gtfs_rt, http_json, opcua, tables
from apps.pulls.services.registering import mapping_of
from apps.pulls.services.remarks import remarks_apply
from apps.pulls.services.timetables import timetable_pull
from apps.sensing.data import Stored
from apps.sensing.services import rows_store

LONGEST_PAUSE = timedelta(hours=6)
MOST_DUE = 200
RUNS_KEPT = 500
READERS: Mapping[str, Callable[[Source, Any], Fetched]] = {
    "http_json": http_json.read,
    "http_csv": tables.read,
    "opcua": opcua.read,
    "gtfs": timetable_pull,
    "gtfs_rt": gtfs_rt.read,
    "fhir": fhir.read,
}
# What hostile or changed answers can cause in a reader; everything else is a fault of ours and is raised.
SURPRISES = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
log = structlog.get_logger("pulls")


@transaction.atomic
def sources_due() -> list[int]:
    """The sources whose turn it is; each is told its next turn at once, so that none is queued twice."""
    now = timezone.now()
    due = Source.objects.filter(active=True, next_due__lte=now).order_by("next_due")
    found = list(due.select_for_update(skip_locked=True)[:MOST_DUE])
    for source in found:
        source.next_due = now + timedelta(seconds=source.schedule)
    Source.objects.bulk_update(found, ["next_due"])
    return [source.pk for source in found]


def source_ask(source: Source, *, viewer: Viewer) -> Source:
    """Make a source due now, at somebody's wish; the next turn is at most ten seconds away."""
    if not viewer.may(source.domain, Capability.UPLOAD):
        raise ProblemError(_("Your role may not manage sources of this domain."), "domain", 403, "role")
    if not source.active:
        raise ProblemError(_("The source is switched off; switch it on first."), "active", 409, "inactive")
    Source.objects.filter(pk=source.pk).update(next_due=timezone.now())
    source.refresh_from_db(fields=["next_due"])
    return source


def source_pull(source: Source) -> PullRun | None:
    """Ask one source and store what it brings; None when another worker is at it."""
    with locked(Lock.PULL, source.pk) as is_ours:
        if not is_ours:
            return None
        PullRun.objects.filter(source=source, state=PullState.RUNNING).update(state=PullState.LOST)
        run = PullRun.objects.create(source=source)
        try:
            fetched, stored = _pull(source)
        except ProblemError as error:
            return _failed(run, source, sentence_of(error))
        except SURPRISES as error:
            log.warning("pull_surprised", source=source.pk, kind=type(error).__name__)
            detail = _("The answer has a form that was not expected (%(kind)s); check the mapping.")
            return _failed(run, source, detail % {"kind": type(error).__name__})
        return _succeeded(run, source, fetched, stored)


def _pull(source: Source) -> tuple[Fetched, Stored]:
    fetched = READERS[source.kind](source, mapping_of(source))
    # a value that the source has put right is corrected first: it would be another value for a known moment
    remarks_apply([remark for remark in fetched.remarks if remark.result is not None], source=source)
    stored = rows_store(fetched.rows, domain=source.domain, door="pull")
    remarks_apply(fetched.remarks, source=source)
    return fetched, stored


@transaction.atomic
def _succeeded(run: PullRun, source: Source, fetched: Fetched, stored: Stored) -> PullRun:
    run.state = PullState.UNCHANGED if fetched.unchanged else PullState.SUCCEEDED
    run.stored, run.repeated, run.quarantined = stored.stored, stored.repeated, len(stored.faults)
    run.conflict = len(stored.conflicts)
    run.fetched = fetched.counted or stored.stored + stored.repeated + run.conflict + run.quarantined
    source.failures = 0
    if not fetched.unchanged:
        source.etag, source.last_modified = fetched.etag[:200], fetched.last_modified[:60]
        source.position = fetched.position
    source.save(update_fields=["failures", "etag", "last_modified", "position"])
    return _ended(run, fetched.note)


@transaction.atomic
def _failed(run: PullRun, source: Source, message: str | Promise) -> PullRun:
    """After each failure the pause doubles, up to six hours; a daily source waits its day."""
    run.state = PullState.FAILED
    source.failures += 1
    pause = timedelta(seconds=source.schedule) * 2 ** min(source.failures, 20)
    usual = timedelta(seconds=source.schedule)
    source.next_due = timezone.now() + max(usual, min(pause, LONGEST_PAUSE))
    source.save(update_fields=["failures", "next_due"])
    log.warning("pull_failed", source=source.pk, failures=source.failures)
    return _ended(run, message)


def _ended(run: PullRun, message: str | Promise) -> PullRun:
    run.message, run.ended_at = message, timezone.now()
    run.save()
    kept = PullRun.objects.filter(source=run.source_id).order_by("-id").values_list("pk", flat=True)
    PullRun.objects.filter(source=run.source_id, pk__lt=list(kept[:RUNS_KEPT])[-1]).delete()
    return run
