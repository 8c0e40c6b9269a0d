"""The history of changes loses the values of people who were deleted; that something changed stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

from apps.core.encryption import indexed_fields
from apps.subjects.selectors.records import model_of, records


def history_forget(rows: Iterable[tuple[str, str, str]]) -> int:
    """Forget the values of these rows (object type, id, act), all of them or those that were anonymised.

    A tombstone must name the rows, else the database forgets nothing. Returns how many entries lost values.
    """
    by_act = defaultdict[tuple[str, str], list[str]](list)
    for label, pk, act in rows:
        by_act[label, act].append(pk)
    count = 0
    with connection.cursor() as cursor:
        for (label, act), pks in by_act.items():
            names = None if act == "delete" else _columns(label)
            cursor.execute("SELECT audit_forget(%s, %s, %s)", [label, pks, names])
            count += cursor.fetchone()[0]
    return count


def _columns(label: str) -> list[str]:
    record = records()[label][1]
    meta = model_of(label)._meta
    fields = {field.name: field for field in meta.concrete_fields}
    emptied = (*record.blank, *record.soften)
    indexes = [index.column for name, index in indexed_fields(model_of(label)).items() if name in emptied]
    made = [field.column for field in fields.values() if field.name == "geometry_3857"]
    return [str(column) for column in (*(fields[name].column for name in emptied), *indexes, *made)]
