"""Exact search in encrypted numbers, for those who see them clear."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet

from apps.accounts.data import Viewer
from apps.core.encryption import index_matches, indexed_fields
from apps.privacy.services.exits import RowPolicy, possible_fields

MOST = 50  # more rows than this do not share a number


def searchable_fields(viewer: Viewer, model: type[Model]) -> list[str]:
    """The encrypted fields with an index that the viewer sees clear in some row."""
    decisions = possible_fields(viewer, model)
    return [name for name in indexed_fields(model) if decisions[name].is_clear]


def rows_exactly(viewer: Viewer, rows: QuerySet[Any], text: str, *, names: list[str]) -> list[int]:
    """Keys of ``rows`` in which one of the fields is exactly ``text`` and clear to the viewer."""
    policy, found = RowPolicy(viewer, rows.model), list[int]()
    for name in names:
        for row in rows.filter(index_matches(rows.model, name, text))[:MOST]:
            if policy.fields(row)[name].is_clear:
                found.append(row.pk)
    return found
