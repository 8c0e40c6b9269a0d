"""A release of rows: pseudonyms, generalised columns, and the measures that it keeps."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from apps.core.declarations import ReleaseColumn
from apps.core.keys import mac_key
from apps.privacy.anonymity import HIERARCHIES, Found, Wanted, generalised, least_loss
from apps.privacy.anonymity.measures import codes_of
from apps.privacy.finder import redacted
from apps.privacy.pseudonyms import pseudonym
from apps.privacy.services.tables import Rows

PERSON = "person"  # the column of pseudonyms


@dataclass(frozen=True, slots=True)
class Made:
    """What is released, as Parquet, and what it promises."""

    content: bytes
    levels: dict[str, int]
    measures: dict[str, Any]
    rows: int
    suppressed: int


def wanted() -> Wanted:
    """What the settings ask of every release."""
    return Wanted(
        k=settings.RELEASE_K,
        distinct_l=settings.RELEASE_L,
        most_suppressed=settings.RELEASE_SUPPRESSED_PERCENT / 100,
    )


def release_make(table: str, columns: Sequence[ReleaseColumn], rows: Rows, *, recipient: str) -> Made | None:
    """The rows made anonymous with the least loss; None when nothing is anonymous enough."""
    quasi = [column for column in columns if column.hierarchy]
    sensitive = [codes_of([str(value) for value in rows.values[one.key]]) for one in columns if one.sensitive]
    words = {
        column.key: [generalised(rows.values[column.key], level) for level in HIERARCHIES[column.hierarchy]]
        for column in quasi
    }
    codes = [[codes_of(level) for level in words[column.key]] for column in quasi]
    found = least_loss(codes, persons=codes_of(rows.persons), sensitive=sensitive, wanted=wanted())
    if found is None:
        return None
    levels = {column.key: level for column, level in zip(quasi, found.levels, strict=True)}
    shown = {column.key: words[column.key][levels[column.key]] for column in quasi}
    shown |= {
        column.key: _open(column, rows.values[column.key]) for column in columns if not column.hierarchy
    }
    names = [column.key for column in columns]
    return Made(
        content=_parquet(found, _pseudonyms(table, rows, recipient), {name: shown[name] for name in names}),
        levels=levels,
        measures={**asdict(found.measures), "loss": round(found.loss, 4)},
        rows=found.measures.rows,
        suppressed=found.suppressed,
    )


def _open(column: ReleaseColumn, values: Sequence[Any]) -> list[str]:
    """A column that is not generalised; in free text the finder takes out what tells of a person."""
    texts = ["" if value is None else str(value) for value in values]
    return [redacted(text) for text in texts] if column.is_text else texts


def _pseudonyms(table: str, rows: Rows, recipient: str) -> list[str]:
    """The same person has the same pseudonym in every release of this table to this recipient."""
    key = mac_key("pseudonym")
    known = {
        person: pseudonym(person, key=key, recipient=recipient, kind=table) for person in set(rows.persons)
    }
    return [known[person] for person in rows.persons]


def _parquet(found: Found, persons: list[str], shown: dict[str, list[str]]) -> bytes:
    """The rows that stay, ordered by pseudonym: their first order would tell when they came."""
    kept = np.flatnonzero(found.kept)
    order = sorted(kept.tolist(), key=lambda row: (persons[row], [column[row] for column in shown.values()]))
    columns = {PERSON: persons, **shown}
    table = pa.table({name: [values[row] for row in order] for name, values in columns.items()})
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()
