"""Encrypt anew what older keys or another cipher have encrypted, a few rows a transaction.

What is left to do is read from the rows themselves, so that a killed run is simply started again. Rows are
locked while they are written; whoever saves one at the same time writes it with the active key anyway.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from psycopg import sql

from apps.accounts.data import Viewer, acting_as
from apps.core.encryption import BlindIndexField, Encrypted
from apps.core.encryption.envelope import current_head
from apps.core.encryption.index import VERSION_BYTES
from apps.core.errors import ProblemError
from apps.core.jobs import JobCancelledError, job_create, job_fail, job_progress, job_running
from apps.core.keys import custody
from apps.core.locks import Lock, locked
from apps.core.models import Job, JobKind, JobState
from apps.core.sentences import sentence as _
from apps.privacy.services.keys import key_versions_record

BATCH = 200
Say = Callable[[str, int, int], None]
NOTICE_SECONDS = 6.0  # by then every process has noticed a new version (core.keys)
STALE = sql.SQL("({column} IS NOT NULL AND substring({column} FROM 1 FOR {size}) <> {head})")


@cache
def encrypted_models() -> tuple[type[Model], ...]:
    """Every model with an encrypted field."""
    return tuple(
        model
        for model in apps.get_models()
        if any(isinstance(field, Encrypted) for field in model._meta.concrete_fields)
    )


def _stale(model: type[Model]) -> sql.Composable:
    """The condition of rows that hold something old."""
    head, version = current_head(), custody().active().to_bytes(VERSION_BYTES)
    parts = [
        STALE.format(
            column=sql.Identifier(f"{field.column}"),
            size=len(begin),
            head=sql.SQL("'\\x{}'::bytea".replace("{}", begin.hex())),
        )
        for kind, begin in ((Encrypted, head), (BlindIndexField, version))
        for field in model._meta.concrete_fields
        if isinstance(field, kind)
    ]
    return sql.SQL(" OR ").join(parts)


def stale_count(model: type[Model]) -> int:
    """How many rows hold something that is not encrypted with the active key and cipher."""
    query = sql.SQL("SELECT count(*) FROM {} WHERE {}")
    with connection.cursor() as cursor:
        cursor.execute(query.format(sql.Identifier(model._meta.db_table), _stale(model)).as_string(None))
        return int(cursor.fetchone()[0])


@transaction.atomic
def _batch(model: type[Model]) -> int:
    """Encrypt some old rows anew; returns how many there were."""
    query = sql.SQL("SELECT id FROM {} WHERE {} ORDER BY id LIMIT {} FOR UPDATE")
    table = sql.Identifier(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(query.format(table, _stale(model), BATCH).as_string(None))
        keys = [key for (key,) in cursor.fetchall()]
    for row in model._base_manager.filter(pk__in=keys):
        _row(row)
    return len(keys)


def _row(row: Model) -> None:
    """All encrypted fields and indexes of one locked row."""
    values = {
        field.name: field.pre_save(row, add=False)
        for field in row._meta.concrete_fields
        if isinstance(field, Encrypted | BlindIndexField)
    }
    type(row)._base_manager.filter(pk=row.pk).update(**values)


def keys_rotate(*, say: Say = lambda *_words: None, wait: float = NOTICE_SECONDS) -> Job:
    """Encrypt every old row anew; ``say(model, done, total)`` after each batch. Returns the finished job.

    Ends when ``wait`` seconds have passed and nothing old is left: other processes notice a key by then.

    ProblemError when another rotation runs. Cancelling the job leaves the rest for the next run.
    """
    with acting_as(Viewer(system=JobKind.KEYS_ROTATE)), _only_one():
        for left in Job.objects.filter(kind=JobKind.KEYS_ROTATE, state=JobState.RUNNING):
            job_fail(left.pk, message=_("The process ended; another run goes on."))
        key_versions_record()
        total = sum(map(stale_count, encrypted_models()))
        title = _("Encrypt anew with key version %(number)s") % {"number": custody().active()}
        job = job_create(JobKind.KEYS_ROTATE, title=title, domain="", owner=None, total=total)
        with job_running(job.pk, total=total) as running:
            if running is not None:
                count = _rotated(job.pk, total, say, wait)
                running.message = _("%(count)s rows were encrypted anew.") % {"count": count}
        job.refresh_from_db()
        return job


def _rotated(job_id: UUID, total: int, say: Say, wait: float) -> int:
    done, began = 0, time.monotonic()
    while True:
        found = 0
        for model in encrypted_models():
            while count := _batch(model):
                found += count
                say(model._meta.label, done + found, total)
                if job_progress(job_id, done=done + found, stage=model._meta.label) == "cancel":
                    raise JobCancelledError
        done += found
        if not found and time.monotonic() - began > wait:
            return done
        time.sleep(0 if found else 0.2)


@contextmanager
def _only_one() -> Iterator[None]:
    with locked(Lock.KEY_ROTATION) as is_ours:
        if not is_ours:
            raise ProblemError(_("The keys are being rotated already; wait until that run ends."), status=409)
        yield


def versions_in_use() -> dict[int, int]:
    """Key version -> how many rows of all models hold a value of it."""
    counts: dict[int, int] = {}
    for model in encrypted_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, Encrypted):
                for version, count in _versions(model, field):
                    counts[version] = counts.get(version, 0) + count
    return counts


def _versions(model: type[Model], field: Any) -> list[tuple[int, int]]:
    query = sql.SQL(
        "SELECT get_byte({c}, 2) * 256 + get_byte({c}, 3), count(*) FROM {t} WHERE {c} IS NOT NULL GROUP BY 1"
    )
    names = {"c": sql.Identifier(field.column), "t": sql.Identifier(model._meta.db_table)}
    with connection.cursor() as cursor:
        cursor.execute(query.format(**names).as_string(None))
        return list(cursor.fetchall())
