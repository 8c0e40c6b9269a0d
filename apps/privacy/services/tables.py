"""Tables about people: which columns a viewer may use, and the rows behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer, acting_as
from apps.core.declarations import PersonalTable, ReleaseColumn
from apps.core.domains import Domain, tables_by_id
from apps.core.errors import ProblemError
from apps.privacy.data import Outcome, RowFacts
from apps.privacy.masks.texts import text_masked
from apps.privacy.policy.facts import facts_reader, follow, paths_of
from apps.privacy.services.exits import visible_rows, with_facts
from apps.privacy.services.kernel import can_see, decide
from apps.privacy.services.masks import known_of

READING = Viewer(system="releases")  # the rows are chosen by the asker's rights before it reads
MOST_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Which columns, for what purpose, and with which decisions they may be used."""

    columns: Sequence[ReleaseColumn]
    purpose: str
    outcomes: frozenset[Outcome]
    name: str  # of the parameter that a refusal is about


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table: the person of each, and the value of each column."""

    persons: list[str]
    values: dict[str, list[Any]]


def tables_visible(viewer: Viewer) -> list[tuple[str, Domain, PersonalTable]]:
    """The tables of the viewer's domains."""
    return [(key, *found) for key, found in tables_by_id().items() if can_see(viewer, found[1].model)]


def table_get(viewer: Viewer, key: str) -> tuple[Domain, PersonalTable]:
    """The table called ``key``; 400 for one that does not exist or of another domain."""
    found = {name: (domain, table) for name, domain, table in tables_visible(viewer)}
    if key not in found:
        detail = _("There is no such table about people, or you may not see it.")
        raise ProblemError(detail, "table", code="unknown")
    return found[key]


def columns_get(table: PersonalTable, keys: Sequence[str], *, name: str) -> list[ReleaseColumn]:
    """The columns called ``keys``, once each; ProblemError on ``name`` for an unknown one."""
    found = [table.column(key) for key in dict.fromkeys(keys)]
    known = ", ".join(column.key for column in table.columns)
    if not found or None in found:
        raise ProblemError(_("Choose columns of: %(known)s.") % {"known": known}, name, code="unknown")
    return [column for column in found if column is not None]


def columns_require(viewer: Viewer, table: PersonalTable, asked: Asked) -> None:
    """Refuse (403, naming the column) what the kernel gives the viewer of no row for this purpose."""
    model: Any = apps.get_model(table.model)
    is_minor = paths_of(model).is_minor
    refused = _refused(viewer, table, asked, RowFacts(is_minor=is_minor))
    if refused is not None:
        detail = _("You may not have the column %(column)s for this purpose.") % {"column": refused.key}
        raise ProblemError(detail, asked.name, 403, "clearance")


def _refused(viewer: Viewer, table: PersonalTable, asked: Asked, facts: RowFacts) -> ReleaseColumn | None:
    """The first column that the kernel does not give of a row with these facts."""
    elsewhere = replace(facts, object_id="")  # the number of this row says nothing of another table's
    for column in asked.columns:
        object_type, _dot, field = column.graded.rpartition(".")
        known = facts if object_type == table.model else elsewhere
        decision = decide(viewer, object_type, field, purpose=asked.purpose, facts=known)
        if decision.outcome not in asked.outcomes:
            return column
    return None


def rows_read(viewer: Viewer, table: PersonalTable, asked: Asked) -> Rows:
    """The rows of which the kernel gives the viewer every column; ProblemError when they are too many.

    Rows of minors, or of people without consent, are left out unless an approval covers them.
    """
    model: Any = apps.get_model(table.model)
    sources = [column.source for column in asked.columns]
    ways = sorted({source.rpartition("__")[0] for source in (table.person, *sources) if "__" in source})
    with acting_as(READING):
        queryset = with_facts(visible_rows(viewer, model._default_manager.all())).order_by("pk")
        queryset = queryset.select_related(*ways) if ways else queryset
        found = _given(viewer, table, asked, queryset[: MOST_ROWS + 1])
    return Rows(
        persons=[str(follow(row, table.person) or f"row {row.pk}") for row in found],
        values={column.key: [_value(column, row) for row in found] for column in asked.columns},
    )


def _given(viewer: Viewer, table: PersonalTable, asked: Asked, rows: Any) -> list[Any]:
    """The rows that the kernel gives, asked once for each class of rows.

    They are read as instances: only these open what is encrypted.
    """
    facts_of, known = facts_reader(viewer, rows.model), dict[RowFacts, bool]()
    given = []
    for number, row in enumerate(rows.iterator(chunk_size=2000)):
        if number >= MOST_ROWS:
            raise ProblemError(
                _("The table has more than %(most)d rows.") % {"most": MOST_ROWS}, "table", 413
            )
        facts = facts_of(row)
        if facts not in known:
            known[facts] = _refused(viewer, table, asked, facts) is None
        if known[facts]:
            given.append(row)
    return given


def _value(column: ReleaseColumn, row: Any) -> Any:
    """The value of a column; a text without what its row knows of the person."""
    value = _plain(follow(row, column.source))
    return text_masked(value, known_of(row)) if column.is_text and value else value


def _plain(value: Any) -> Any:
    """A geometry as its coordinates; everything else as it is."""
    if isinstance(value, GEOSGeometry):
        return (value.centroid.x, value.centroid.y)
    return value
