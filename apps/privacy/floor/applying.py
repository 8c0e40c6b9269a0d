"""Put row security on every personal table; safe to repeat, and quick when nothing has changed."""

from __future__ import annotations

import hashlib

from django.db import connection, transaction
from psycopg import sql

from apps.privacy.floor.tables import personal_models, policy_text

POLICY = "viewer"
STANDING = """
    SELECT c.relname, obj_description(p.oid, 'pg_policy') FROM pg_class c
      JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = %s
     WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity AND c.relforcerowsecurity
"""
APPLY = """
    ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
    DROP POLICY IF EXISTS {policy} ON {table};
    CREATE POLICY {policy} ON {table} USING ({condition}) WITH CHECK ({condition});
    COMMENT ON POLICY {policy} ON {table} IS {digest}
"""


def row_security_apply() -> list[str]:
    """Every personal table that exists gets the policy of its model; returns those that changed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STANDING, [POLICY])
        standing = dict(cursor.fetchall())
        existing = set(connection.introspection.table_names(cursor))
        changed = []
        for model in personal_models():
            table, condition = model._meta.db_table, policy_text(model)
            digest = hashlib.blake2s(condition.encode(), digest_size=16).hexdigest()
            if table in existing and standing.get(table) != digest:
                cursor.execute(_statement(table, condition, digest))
                changed.append(table)
    return changed


def _statement(table: str, condition: str, digest: str) -> str:
    names = {"table": sql.Identifier(table), "policy": sql.Identifier(POLICY)}
    whole = sql.SQL(APPLY).format(**names, condition=sql.SQL(condition), digest=sql.Literal(digest))
    return whole.as_string(None)
