"""Entries of reads: written at once, but their commit does not wait for the disk."""

from __future__ import annotations

from django.db import connection

from apps.audit.data import Act
from apps.audit.services.recording import INSERT, entry_of, values_of

# One statement, so that a read pays for one round trip.
INSERT_QUICK = """
    WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
    INSERT INTO audit_accessentry (at, user_id, role, action, object_type, object_id, fields, objects_seen,
                                   purpose, rows, result, address, request_id, lasting)
    SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s FROM quick
"""


def read_record(act: Act) -> None:
    """Add one entry for what a request has shown.

    A crash of the database server may lose those of the last half second; what must last waits for the disk,
    and so does everything inside a transaction.
    """
    entry = entry_of(act)
    waits = entry.lasting or connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute(INSERT if waits else INSERT_QUICK, values_of(entry))
