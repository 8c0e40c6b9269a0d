"""From what a request has shown to its one entry."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import ResolverMatch

from apps.accounts.data import Viewer
from apps.audit.data import Act
from apps.audit.recorder import Record, Shown

REFUSED = {401, 403, 404, 405, 429}
FAILED = 400
SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """Who asked for what, and how it was answered."""

    method: str
    status: int
    match: ResolverMatch
    viewer: Viewer | None
    user_id: int | None
    address: str | None


def request_act(facts: RequestFacts, record: Record) -> Act:
    """The entry of a request: under which roles, what was shown of whom, and how it ended."""
    result = result_of(facts.status)
    kind, shown = max(record.shown.items(), key=_weight, default=("", Shown()))
    action = record.action or ("read" if facts.method in SAFE else "change")
    viewer, is_done = record.viewer or facts.viewer, result == "done"
    return Act(
        "refuse" if result == "refused" else action,
        user_id=viewer.user_id if viewer else facts.user_id,
        object_type=(kind or facts.match.view_name or facts.match.route)[:60],
        object_id=str(next(iter(facts.match.kwargs.values()), ""))[:64],
        purpose=viewer.purpose if viewer else "",
        rows=sum(one.rows for one in record.shown.values()) if is_done else 0,
        result=result,
        address=facts.address,
        fields=tuple(sorted(shown.fields)) if is_done else (),
        objects=tuple(key for one in record.shown.values() for key in sorted(one.ids)) if is_done else (),
        role=viewer.acting_roles if viewer else "",
    )


def result_of(status: int) -> str:
    """``done``, ``refused`` (not for this person, or not there) or ``failed`` (a bad question, our fault)."""
    if status in REFUSED:
        return "refused"
    return "failed" if status >= FAILED else "done"


def _weight(item: tuple[str, Shown]) -> tuple[int, int]:
    return len(item[1].ids), item[1].rows
