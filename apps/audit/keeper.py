"""The keeper of the access log: a role that owns it, under which nobody logs in.

The application's role may read and add; it can neither change nor remove a row, nor switch off a trigger.
Only while migrations run is it a member of the keeper. Set-up calls this with the superuser's address:
``python -m apps.audit.keeper open|close`` reads ADMIN_DATABASE_URL and DATABASE_URL.
"""

from __future__ import annotations

import os
import sys
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

KEEPER = "cityplatform_keeper"
ADDED_TO = ("audit_accessentry", "audit_accesslink", "audit_accessanchor")
READ = ("audit_change",)  # written by the triggers only, which run with the keeper's rights
NUMBERED = ("audit_accessentry", "audit_accessanchor", "audit_change")
FUNCTIONS = (
    *("audit_refuse()", "audit_track()", "audit_purge(bigint, bigint)", "audit_hold()"),
    *("audit_change_keep()", "audit_forget(text, text[], text[])"),  # of the subject rights
)


def keeper_open(admin: str, *, role: str) -> None:
    """Make the keeper where it is missing, and let the role act for it until ``keeper_close``."""
    with psycopg.connect(admin, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [KEEPER]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(KEEPER)))
        grant = sql.SQL("GRANT {} TO {}").format(sql.Identifier(KEEPER), sql.Identifier(role))
        connection.execute(grant)


def keeper_close(admin: str, *, role: str) -> None:
    """Give the log to the keeper, leave the role what it needs, and end its membership."""
    keeper, to = sql.Identifier(KEEPER), sql.Identifier(role)
    with psycopg.connect(admin) as connection:
        database = sql.Identifier(connection.info.dbname)
        # Who owns the database owns the schema, and who owns the schema may drop what others own in it.
        connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(database, keeper))
        connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(keeper))
        connection.execute(sql.SQL("GRANT ALL ON DATABASE {} TO {}").format(database, to))
        connection.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(to))
        for name in (*ADDED_TO, *READ):
            table = sql.Identifier(name)
            connection.execute(sql.SQL("ALTER TABLE {} OWNER TO {}").format(table, keeper))
            connection.execute(sql.SQL("REVOKE ALL ON {} FROM PUBLIC, {}").format(table, to))
            rights = sql.SQL("SELECT, INSERT" if name in ADDED_TO else "SELECT")
            connection.execute(sql.SQL("GRANT {} ON {} TO {}").format(rights, table, to))
        for sequence in _sequences(connection):
            connection.execute(sql.SQL("GRANT USAGE, SELECT ON {} TO {}").format(sequence, to))
        for signature in FUNCTIONS:
            if connection.execute("SELECT to_regprocedure(%s)", [signature]).fetchone() != (None,):
                function = sql.SQL(signature)
                connection.execute(sql.SQL("ALTER FUNCTION {} OWNER TO {}").format(function, keeper))
        connection.execute(sql.SQL("REVOKE {} FROM {}").format(keeper, to))


def _sequences(connection: psycopg.Connection[tuple[object, ...]]) -> list[sql.Identifier]:
    question = "SELECT pg_get_serial_sequence(%s, 'id')"
    found = [connection.execute(question, [name]).fetchone() for name in NUMBERED]
    return [sql.Identifier(*str(row[0]).split(".")) for row in found if row and row[0]]


def main(step: str) -> None:
    """Open or close for the role of DATABASE_URL."""
    role = unquote(urlsplit(os.environ["DATABASE_URL"]).username or "")
    act = {"open": keeper_open, "close": keeper_close}[step]
    act(os.environ["ADMIN_DATABASE_URL"], role=role)


if __name__ == "__main__":
    main(sys.argv[1])
