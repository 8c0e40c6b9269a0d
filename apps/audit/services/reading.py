"""Entries of reads: written at once, but their commit does not wait for the disk."""

from __future__ import annotations

import structlog
from django.db import Error, connection
from django.utils.translation import gettext as _

from apps.audit.data import Act
from apps.audit.services.recording import INSERT, entry_of, values_of
from apps.core.errors import ProblemError

# One statement, so that a read pays for one round trip.
INSERT_QUICK = """
    WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
    INSERT INTO audit_accessentry (at, user_id, role, action, object_type, object_id, fields, objects_seen,
                                   purpose, rows, result, address, request_id, lasting)
    SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s FROM quick
"""
log = structlog.get_logger("audit")


def read_record(act: Act, *, request_id: str = "") -> None:
    """Add one entry for what a request has shown; 503 when it cannot be written, so that nothing leaves.

    A crash of the database server may lose those of the last half second; what must last waits for the disk,
    and so does everything inside a transaction.
    """
    entry = entry_of(act, request_id=request_id)
    waits = entry.lasting or connection.in_atomic_block
    try:
        with connection.cursor() as cursor:
            cursor.execute(INSERT if waits else INSERT_QUICK, values_of(entry))
    except Error as error:
        log.warning("access_log_unwritable", kind=type(error).__name__)
        raise log_unwritable() from error


def log_unwritable() -> ProblemError:
    """What a reader is told instead of the answer that could not be written down."""
    detail = _("The access log cannot be written now, so nothing is shown. Try again in a minute.")
    return ProblemError(detail, status=503, code="access_log")
