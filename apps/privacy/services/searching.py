"""Exact search in encrypted numbers, for those who see them clear."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer
from apps.core import quantities
from apps.core.encryption import index_matches, indexed_fields
from apps.privacy.services.exits import RowPolicy, possible_fields

NAMES = frozenset({"name", "name_zh", "name_en", "username", "display_name"})
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


def said_so(model: type[Model], names: Iterable[str], text: str) -> Q:
    """The rows in which one of these fields with choices has a value whose words hold ``text``."""
    found, wanted = Q(), text.strip().casefold()
    for name in names:
        field: Any = model._meta.get_field(name)
        titles = dict(field.flatchoices)
        codes = [code for code, title in titles.items() if wanted and wanted in str(title).casefold()]
        if codes:
            found |= Q(**{f"{name}__in": codes})
    return found


def search_hint(model: type[Model], names: Iterable[str], *, exact: Iterable[str] = ()) -> str:
    """In which fields a search looks, for the box that it is typed into."""
    titles = [_path_title(model, name.lstrip("-=^@")) for name in names]
    whole = [_("%(field)s (whole)") % {"field": _path_title(model, name)} for name in exact]
    listed = quantities.listed(dict.fromkeys([*titles, *whole]))
    return _("Search by %(fields)s") % {"fields": listed}


def _path_title(model: Any, path: str) -> str:
    """What the field at the end of a path is called; a name of a related record is called as the record."""
    name, _sep, rest = path.partition("__")
    field = model._meta.get_field(name)
    if not rest or field.related_model is None or rest in NAMES:
        return str(field.verbose_name)
    return _path_title(field.related_model, rest)
