"""Which rows speak of one person: exact search in every domain that declares people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from apps.accounts.data import Viewer, acting_as
from apps.core.declarations import SubjectRecord
from apps.core.encryption import Encrypted, index_matches, indexed_fields
from apps.privacy.services import visible_rows
from apps.subjects.data import Identifier, Match, Told
from apps.subjects.selectors.records import dependents, records, rows_of

MOST = 500  # more rows than this are not one person
SYSTEM = Viewer(system="subject-rights")
SPACES = re.compile(r"[\s\-]+")


def cleaned(kind: str, value: Any) -> Any:
    """The identifier as the rows have it: numbers without blanks and dashes, the check digit in capitals."""
    if kind in {Identifier.ID_NUMBER, Identifier.PHONE}:
        return SPACES.sub("", str(value)).upper()
    return value.strip() if isinstance(value, str) else value


def rows_with(rows: QuerySet[Any], field: str, value: Any) -> QuerySet[Any]:
    """The rows whose ``field`` is exactly ``value``: all exact search goes through here.

    Encrypted numbers are found by their index; names and dates have none, so that rows are opened one by one.
    """
    if not isinstance(rows.model._meta.get_field(field), Encrypted):
        return rows.filter(**{field: value})
    if field in indexed_fields(rows.model):
        return rows.filter(index_matches(rows.model, field, str(value)))
    same = (row.pk for row in rows.only("pk", field).iterator() if getattr(row, field) == value)
    return rows.filter(pk__in=list(islice(same, MOST)))


def subject_matches(told: Told, *, viewer: Viewer, domains: Iterable[str]) -> list[Match]:
    """Every row of ``domains`` that one of the identifiers points at, with what hangs on it.

    The viewer's division limits the rows; what hangs on a row (the stays of a patient) follows it.
    """
    wanted, found = set(domains), list[Match]()
    with acting_as(SYSTEM):
        for slug, record in records().values():
            if slug in wanted and record.identity:
                found += _found(told, record, viewer)
    return found


def _found(told: Told, record: SubjectRecord, viewer: Viewer) -> list[Match]:
    rows, hits = visible_rows(viewer, rows_of(record.model)), dict[Any, list[str]]()
    for kind, value in told.given().items():
        field = record.identity.get(kind)
        if field and kind != Identifier.BIRTH_DATE:
            for pk in rows_with(rows, field, cleaned(kind, value)).values_list("pk", flat=True)[:MOST]:
                hits.setdefault(pk, []).append(kind)
    born = _born(told, record, hits)
    matches = [Match(record.model, str(pk), (*by, *born.get(pk, ()))) for pk, by in hits.items()]
    return [*matches, *(below for match in matches for below in _hanging(match))]


def _born(told: Told, record: SubjectRecord, hits: Iterable[Any]) -> dict[Any, tuple[str, ...]]:
    """A date of birth alone finds nobody; it strengthens what something else has found."""
    field = record.identity.get(Identifier.BIRTH_DATE)
    if not field or told.birth_date is None:
        return {}
    rows = rows_with(rows_of(record.model).filter(pk__in=list(hits)), field, told.birth_date)
    return dict.fromkeys(rows.values_list("pk", flat=True), (Identifier.BIRTH_DATE.value,))


def _hanging(match: Match) -> list[Match]:
    found = []
    for record in dependents(match.object_type):
        rows = rows_of(record.model).filter(**{record.root: match.object_id})
        for pk in rows.order_by("pk").values_list("pk", flat=True):
            below = Match(record.model, str(pk), match.by)
            found += [below, *_hanging(below)]
    return found
