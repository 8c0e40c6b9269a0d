"""Tell PostgreSQL who is acting, for each statement that names a personal table.

The setting is local to the transaction: a pooled connection that is handed on carries nobody's name. Setting
and statement travel as one message, which PostgreSQL runs as one transaction where there is none.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from django.db import transaction
from psycopg.sql import quote

from apps.accounts.data import ACTING, AccessGrant, Viewer
from apps.core.divisions import division_prefixes
from apps.core.numbers import whole_number
from apps.privacy.floor.tables import SETTING, personal_models
from apps.privacy.services.kernel import can_see

READS_OR_WRITES = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "EXPLAIN", "(", "MERGE")
SET = f"SELECT set_config('{SETTING}', %s, true)"
Execute = Callable[..., Any]


@cache
def _tables() -> tuple[str, ...]:
    return tuple(model._meta.db_table for model in personal_models())


def is_guarded(query: str) -> bool:
    """Whether the statement may touch a personal table."""
    return any(table in query for table in _tables()) and query.lstrip().upper().startswith(READS_OR_WRITES)


@lru_cache(maxsize=4096)
def viewer_setting(viewer: Viewer) -> str:
    """What the policies read of a viewer: the places, and single rows, that are his in each model."""
    if viewer.system:
        return json.dumps({"system": viewer.system})
    places: dict[str, list[str]] = {}
    rows: dict[str, list[str]] = {}
    for label in (model._meta.label for model in personal_models()):
        grants = [grant for grant in viewer.grants if grant.object_type == label and viewer.office is None]
        places[label] = [prefix for grant in grants if not grant.objects for prefix in _prefixes(grant)]
        keys = (key for grant in grants for key in grant.objects)
        rows[label] = sorted(key for key in keys if whole_number(key) is not None)
        if can_see(viewer, label):
            places[label] += division_prefixes(viewer.division, viewer.former) if viewer.division else [""]
    return json.dumps({"places": places, "rows": rows})


def _prefixes(grant: AccessGrant) -> tuple[str, ...]:
    """What the codes of the granted place begin with; "" where it is the whole city."""
    return division_prefixes(grant.place, grant.former) if grant.place else ("",)


def floor(execute: Execute, query: Any, params: Any, many: Any, context: Any) -> Any:
    """Django's execute wrapper: the statement runs in the name of ACTING."""
    if not isinstance(query, str) or not is_guarded(query):
        return execute(query, params, many, context)
    setting = viewer_setting(ACTING.get())
    if many or getattr(context["cursor"].cursor, "name", ""):  # a server-side cursor takes one statement
        with transaction.atomic(using=context["connection"].alias, savepoint=False):
            with context["connection"].cursor() as cursor:
                cursor.execute(SET, [setting])
            return execute(query, params, many, context)
    given = quote(setting) if params is None else quote(setting).replace("%", "%%")
    found = execute(f"SELECT set_config('{SETTING}', {given}, true); {query}", params, many, context)
    context["cursor"].cursor.nextset()
    return found


def floor_lay(connection: Any) -> None:
    """Have every statement of a connection pass ``floor``; once is enough."""
    if connection.vendor == "postgresql" and floor not in connection.execute_wrappers:
        connection.execute_wrappers.append(floor)
