"""Releases of rows about people as the page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from apps.accounts.data import Capability, Viewer
from apps.audit.services import seen
from apps.core.declarations import PersonalTable
from apps.core.domains import tables_by_id
from apps.portal.selectors.rows import visible
from apps.privacy.services import masked, visible_fields

LABEL = "privacy.MicroRelease"
LISTED = 100
NAMES = (
    *("table", "columns", "purpose", "recipient", "state", "reason", "asked_at", "measures", "rows"),
    "suppressed",
)


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """One release, and what the viewer may do with it."""

    pk: int
    shown: SimpleNamespace
    title: str
    columns: list[str]
    state: str
    may_decide: bool
    may_fetch: bool


def release_lines(viewer: Viewer) -> list[ReleaseLine]:
    """The newest releases of the viewer's domains; fields as the kernel decides."""
    rows = visible(viewer, LABEL).defer("content")[:LISTED]
    decisions = visible_fields(viewer, rows.model)
    return [_line(viewer, row, decisions) for row in rows]


def _titles(table: PersonalTable, keys: list[str] | None) -> list[str]:
    return [str(column.title) for column in table.columns if column.key in (keys or ())]


def _line(viewer: Viewer, row: Any, decisions: Any) -> ReleaseLine:
    is_own = row.asked_by_id is not None and row.asked_by_id == viewer.user_id
    known = tables_by_id().get(row.table)
    seen(row._meta.label, (row.pk,), NAMES)
    shown = SimpleNamespace(**{name: masked(getattr(row, name), decisions[name]) for name in NAMES})
    return ReleaseLine(
        pk=row.pk,
        shown=shown,
        title=str(known[1].title) if known else "–",
        columns=_titles(known[1], shown.columns) if known else [],
        state=row.get_state_display() if decisions["state"].is_clear else "–",
        may_decide=row.state == "asked" and not is_own and viewer.may(row.domain, Capability.APPROVE),
        may_fetch=row.state == "ready" and is_own,
    )
