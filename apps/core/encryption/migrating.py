"""Migration steps that turn plain columns into encrypted ones, rows included."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import migrations
from psycopg import sql

from apps.core.encryption.envelope import Place
from apps.core.encryption.fields import Encrypted
from apps.core.encryption.index import BlindIndexField
from apps.core.encryption.keyed import SequencedKeyField
from apps.core.keys import custody

PLAIN = "{}_plain"
BATCH = 1000
Step = migrations.operations.base.Operation


def columns_encrypt(
    label: str, fields: Mapping[str, Encrypted], indexes: Mapping[str, str] | None = None
) -> list[Step]:
    """Rename, add, encrypt every row, and drop: for ``fields`` of the model ``label``, and its blind indexes.

    The plain text is blanked before its column is dropped; ``VACUUM FULL`` of the table then takes the last
    of it from the disk. The log and older backups still hold it.
    """
    model, indexes = label.partition(".")[2], indexes or {}
    steps: list[Step] = [
        migrations.AlterField(model, "id", SequencedKeyField(primary_key=True, serialize=False))
    ]
    for name, field in fields.items():
        steps += [migrations.RenameField(model, name, PLAIN.format(name)), _with_null(model, name, field)]
    steps += [migrations.AddField(model, name, BlindIndexField(of)) for name, of in indexes.items()]
    steps.append(migrations.RunPython(_rows_encrypt(label, list(fields), indexes)))
    for name, field in fields.items():
        steps += [
            migrations.AlterField(model, name, field),
            migrations.RemoveField(model, PLAIN.format(name)),
        ]
    return steps


def _with_null(model: str, name: str, field: Encrypted) -> Step:
    copy = field.clone()
    copy.null = True
    return migrations.AddField(model, name, copy)


def _rows_encrypt(label: str, names: list[str], indexes: Mapping[str, str]) -> Callable[[Any, Any], None]:
    def encrypt_rows(apps: Any, schema_editor: Any) -> None:
        model = apps.get_model(label)
        statement = _statement(model, names, indexes)
        rows = model._base_manager.values_list("pk", *map(PLAIN.format, names)).order_by("pk")
        with schema_editor.connection.cursor() as cursor:
            after = 0
            while some := list(rows.filter(pk__gt=after)[:BATCH]):
                cursor.executemany(statement, [_row(model, names, indexes, *row) for row in some])
                after = some[-1][0]

    return encrypt_rows


def _statement(model: Any, names: list[str], indexes: Mapping[str, str]) -> str:
    """An UPDATE of one row: encrypted columns, plain ones blanked, indexes; the key comes last."""
    plain = {name: model._meta.get_field(PLAIN.format(name)) for name in names}
    changes = [sql.SQL("{} = %s").format(sql.Identifier(name)) for name in (*names, *indexes)]
    changes += [
        sql.SQL("{} = {}").format(sql.Identifier(field.column), None if field.null else "")
        for field in plain.values()
    ]
    whole = sql.SQL("UPDATE {} SET {} WHERE id = %s")
    return whole.format(sql.Identifier(model._meta.db_table), sql.SQL(", ").join(changes)).as_string(None)


def _row(model: Any, names: list[str], indexes: Mapping[str, str], pk: int, *plain: Any) -> list[Any]:
    """The arguments of the UPDATE of one row."""
    values = dict(zip(names, plain, strict=True))
    table = model._meta.db_table
    sealed = [
        _sealed(model._meta.get_field(name), Place(table, name, f"{pk}"), values[name]) for name in names
    ]
    tokens = [
        model._meta.get_field(index).token(values[of], version=custody().active())
        for index, of in indexes.items()
    ]
    return [*sealed, *tokens, pk]


def _sealed(field: Any, place: Place, value: Any) -> bytes | None:
    return None if value is None else bytes(field.sealed(place, value).stored)
