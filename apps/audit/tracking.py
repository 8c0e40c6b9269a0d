"""Which tables keep a history, the trigger on each, and in whose name the database writes it.

A model of a domain is tracked without a word; so are those of the apps in ``TRACKED``. ``KEEPS_HISTORY`` on a
model says otherwise, in both directions. The trigger catches ``update()``, ``bulk_create`` and raw SQL alike.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import GeneratedField, Model
from psycopg import sql
from psycopg.sql import quote
from structlog.contextvars import get_contextvars

from apps.accounts.data import ACTING
from apps.audit.selectors.personal import grades_declared
from apps.core.domains import all_domains
from apps.core.grades import Category

TRACKED = {"accounts", "privacy", "catalogue"}  # people, rights, policies, what is shared
NOISE = {"last_login", "last_used_at", "session_seen"}  # change with every visit and say nothing
WRITES = ("INSERT", "UPDATE", "DELETE", "MERGE", "WITH")
INSTALLED = """
    SELECT c.relname, t.tgargs FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE t.tgname = 'audit_track'
"""
READY = "SELECT count(*) FROM pg_proc WHERE proname = 'audit_track'"
TRIGGER = sql.SQL(
    "CREATE OR REPLACE TRIGGER audit_track AFTER INSERT OR UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION audit_track({label}, {pk}, {secret}, {skipped})"
)
Execute = Callable[..., Any]


@cache
def tracked_models() -> tuple[type[Model], ...]:
    """Every model that keeps a history, in the order of its table's name."""
    labels = {domain.slug for domain in all_domains()} | TRACKED
    ours = (config for config in apps.get_app_configs() if config.name.startswith("apps."))
    models = [model for config in ours for model in config.get_models() if model._meta.managed]
    found = (m for m in models if getattr(m, "KEEPS_HISTORY", m._meta.app_label in labels))
    return tuple(sorted(found, key=lambda model: model._meta.db_table))


@cache
def _credentials() -> frozenset[str]:
    return frozenset(
        f"{app}.{key}" for app, key, grade in grades_declared() if grade.category is Category.CREDENTIAL
    )


def arguments_of(model: type[Model]) -> tuple[str, str, str, str]:
    """Label, key column, columns whose values are not kept, and columns that are left out."""
    fields = model._meta.concrete_fields
    secret = [one.column for one in fields if f"{model._meta.label}.{one.name}" in _credentials()]
    skipped = [one.column for one in fields if isinstance(one, GeneratedField) or one.name in NOISE]
    return model._meta.label, f"{model._meta.pk.column}", _array(secret), _array(skipped)


def _array(columns: list[str | None]) -> str:
    return "{" + ",".join(f"{column}" for column in columns) + "}"


def triggers_install() -> int:
    """Put the trigger on every tracked table that lacks it; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(READY)
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(INSTALLED)
        known = {table: bytes(arguments) for table, arguments in cursor.fetchall()}
        tables = set(connection.introspection.table_names(cursor))
        wanted = {model._meta.db_table: arguments_of(model) for model in tracked_models()}
        missing = [
            (table, words)
            for table, words in wanted.items()
            if table in tables and known.get(table) != b"".join(word.encode() + b"\0" for word in words)
        ]
        for table, words in missing:
            names = dict(zip(("label", "pk", "secret", "skipped"), map(sql.Literal, words), strict=True))
            cursor.execute(TRIGGER.format(table=sql.Identifier(table), **names).as_string(cursor.connection))
    return len(missing)


@cache
def _tables() -> tuple[str, ...]:
    return tuple(f'"{model._meta.db_table}"' for model in tracked_models())


def is_tracked(query: str) -> bool:
    """Whether the statement, as the ORM writes it or by hand, may write a tracked table."""
    if not query.lstrip().upper().startswith(WRITES):
        return False
    return any(table in query or table[1:-1] in query for table in _tables())


def actor_setting() -> str:
    """Who writes: the acting viewer, or the job of the platform, and the request."""
    viewer, request = ACTING.get(), str(get_contextvars().get("request_id", ""))
    named = {"user": viewer.user_id, "job": viewer.system or None, "request": request or None}
    if viewer.user_id is not None:
        named["job"] = ""
    return json.dumps({name: value for name, value in named.items() if value is not None})


def named(execute: Execute, query: Any, params: Any, many: Any, context: Any) -> Any:
    """Django's execute wrapper: PostgreSQL hears in whose name a tracked table is written.

    Setting and statement are one message and one transaction, so that a pooled connection carries no name on.
    """
    if not isinstance(query, str) or not is_tracked(query):
        return execute(query, params, many, context)
    setting = quote(actor_setting())
    if many:
        with transaction.atomic(using=context["connection"].alias, savepoint=False):
            with context["connection"].cursor() as cursor:
                cursor.execute(f"SELECT set_config('app.actor', {setting.replace('%', '%%')}, true)", ())
            return execute(query, params, many, context)
    given = setting if params is None else setting.replace("%", "%%")
    found = execute(f"SELECT set_config('app.actor', {given}, true); {query}", params, many, context)
    context["cursor"].cursor.nextset()
    return found


def name_writers(connection: Any) -> None:
    """Have every statement of a connection pass ``named``; before all others, once is enough."""
    if connection.vendor == "postgresql" and named not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, named)
