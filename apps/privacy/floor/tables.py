"""Which tables are personal, and the policy of each, worked out from what its model declares.

A model with ``PERSONAL = True`` gets forced row security; ``PLACE_PATH`` leads to the division of its rows.
Its domain needs no line elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Field, Model
from psycopg import sql

SETTING = "app.viewer"
VIEWER = f"nullif(current_setting('{SETTING}', true), '')::jsonb"
# Sub-selects without a column of the row are worked out once for a statement, not for each row.
IS_SYSTEM = sql.SQL(f"(SELECT coalesce({VIEWER} ->> 'system', '') <> '')")
PLACES = f"ARRAY(SELECT jsonb_array_elements_text({VIEWER} -> 'places' -> {{label}}))"
GRANTED = f"{{key}} = ANY (ARRAY(SELECT jsonb_array_elements_text({VIEWER} -> 'rows' -> {{label}})::bigint))"


@cache
def personal_models() -> tuple[type[Model], ...]:
    """Every model that declares itself personal."""
    return tuple(model for model in apps.get_models() if getattr(model, "PERSONAL", False))


def policy_text(model: type[Model]) -> str:
    """The condition that a row must meet to be read or written."""
    places = sql.SQL(PLACES).format(label=sql.Literal(model._meta.label))
    whole_city = sql.SQL("(SELECT '' = ANY ({}))").format(places)
    key = sql.Identifier(model._meta.db_table, f"{model._meta.pk.column}")
    granted = sql.SQL(GRANTED).format(key=key, label=sql.Literal(model._meta.label))
    return sql.SQL(" OR ").join([IS_SYSTEM, whole_city, granted, *_place(model, places)]).as_string(None)


def _place(model: type[Model], places: sql.Composable) -> Iterator[sql.Composable]:
    """The row lies in a place of the viewer, or nowhere: a lookup by key for each step of the path."""
    path = str(getattr(model, "PLACE_PATH", ""))
    if not path:
        return
    steps, joins, field = path.split("__"), [], _field(model, path.partition("__")[0])
    here = sql.Identifier(model._meta.db_table)
    for number, name in enumerate(steps[1:], 1):
        target: Any = field.related_model
        alias = sql.Identifier(f"step{number}")
        joins.append(
            (sql.Identifier(target._meta.db_table), alias, here, sql.Identifier(f"{field.column}"), target)
        )
        here, field = alias, _field(target, name)
    column = sql.SQL("{}.{}").format(here, sql.Identifier(f"{field.column}"))
    inside = sql.SQL("({column} ^@ ANY ({places}) OR ({column} = '' AND (SELECT cardinality({places}) > 0)))")
    condition = inside.format(column=column, places=places)
    yield _exists(joins, condition) if joins else condition


def _exists(joins: list[tuple[Any, ...]], condition: sql.Composable) -> sql.Composable:
    tables = [sql.SQL("{} AS {}").format(table, alias) for table, alias, *_rest in joins]
    links = [
        sql.SQL("{}.{} = {}.{}").format(alias, sql.Identifier(target._meta.pk.column), here, column)
        for _table, alias, here, column, target in joins
    ]
    whole = sql.SQL("EXISTS (SELECT FROM {} WHERE {} AND {})")
    return whole.format(sql.SQL(", ").join(tables), sql.SQL(" AND ").join(links), condition)


def _field(model: Any, name: str) -> Field[Any, Any]:
    found: Field[Any, Any] = model._meta.get_field(name)
    return found
