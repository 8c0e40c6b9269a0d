"""Everything that waits for a decision of the viewer, whatever kind of request it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.data import Capability, Office, Viewer
from apps.catalogue.selectors.entries import name_of
from apps.catalogue.selectors.requests import requests_waiting
from apps.core.declarations import Text
from apps.core.domains import tables_by_id
from apps.portal.selectors.approvals import approves_in, object_title
from apps.portal.selectors.plans import problem_title
from apps.portal.selectors.rows import visible
from apps.portal.selectors.work import drafts_waiting
from apps.subjects.services.incidents import may_handle_incidents
from apps.subjects.services.officers import approved_domains

LISTED = 100  # of each kind
Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of decision: which rows wait for the viewer, what they are called, where they are decided."""

    title: Text
    rows: Callable[[Viewer], Rows]
    subject: Callable[[Any], str]
    page: str  # name of the page; with the row's number where ``by_row``
    since: str
    due: str = ""
    by_row: bool = True

    def url(self, row: Any) -> str:
        """The page on which the row is decided."""
        return reverse(self.page, args=[row.pk]) if self.by_row else reverse(self.page)


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One thing to decide."""

    kind: Text
    subject: str
    url: str
    since: datetime | None
    due: date | None

    @property
    def is_overdue(self) -> bool:
        """Whether its date has passed."""
        return self.due is not None and self.due < timezone.localdate()


def waiting_count(viewer: Viewer) -> int:
    """How many decisions wait for the viewer."""
    return sum(kind.rows(viewer).count() for kind in KINDS if decides(viewer))


def waiting_lines(viewer: Viewer) -> list[WaitingLine]:
    """What waits: overdue first, then by due date, then what has waited longest."""
    lines = [_line(kind, row) for kind in KINDS if decides(viewer) for row in kind.rows(viewer)[:LISTED]]
    return sorted(lines, key=lambda line: (line.due or date.max, line.since or timezone.now()))


def decides(viewer: Viewer) -> bool:
    """Whether the viewer decides on anything at all: most people do not, and cost no query."""
    deciding = {Capability.APPROVE, Capability.PUBLISH}
    return viewer.office is Office.SECURITY or any(held in deciding for _domain, held in viewer.rights)


def _line(kind: Kind, row: Any) -> WaitingLine:
    since, due = getattr(row, kind.since), getattr(row, kind.due) if kind.due else None
    if isinstance(since, date) and not isinstance(since, datetime):
        since = timezone.make_aware(datetime.combine(since, time()))
    return WaitingLine(kind.title, kind.subject(row), kind.url(row), since, due)


def _minors(viewer: Viewer) -> Rows:
    rows = visible(viewer, "privacy.MinorsRequest").filter(state="asked", domain__in=approves_in(viewer))
    return rows.exclude(asked_by=viewer.user_id)


def _releases(viewer: Viewer) -> Rows:
    rows = visible(viewer, "privacy.MicroRelease").filter(state="asked", domain__in=approves_in(viewer))
    return rows.exclude(asked_by=viewer.user_id).defer("content")


def _reveals(viewer: Viewer) -> Rows:
    rows = visible(viewer, "privacy.Reveal").filter(noted_at=None, domain__in=approves_in(viewer))
    return rows.exclude(user=viewer.user_id)


def _subjects(viewer: Viewer) -> Rows:
    rows = visible(viewer, "subjects.SubjectRequest")
    return rows.filter(ended_at=None) if approved_domains(viewer) else rows.none()


def _incidents(viewer: Viewer) -> Rows:
    rows = visible(viewer, "subjects.Incident")
    return rows.filter(closed_at=None) if may_handle_incidents(viewer) else rows.none()


def _policies(viewer: Viewer) -> Rows:
    rows = visible(viewer, "privacy.PolicyVersion").filter(state="proposed")
    return rows.exclude(author=viewer.user_id) if viewer.office is Office.SECURITY else rows.none()


def _release_title(row: Any) -> str:
    known = tables_by_id().get(row.table)
    return str(known[1].title) if known else "–"


def _plan_title(row: Any) -> str:
    return f"{problem_title(row.problem)} · v{row.version}"


def _numbered(row: Any) -> str:
    return f"{row._meta.verbose_name} {row.pk}"


KINDS = (
    Kind(
        _("Request for data"),
        requests_waiting,
        lambda row: name_of(row.dataset),
        "admin:data_request",
        "submitted_at",
        "due_on",
    ),
    Kind(
        _("Request for minors' data"),
        _minors,
        lambda row: object_title(row.object_type),
        "admin:minors_request",
        "asked_at",
    ),
    Kind(_("Release of rows"), _releases, _release_title, "admin:microdata", "asked_at", by_row=False),
    Kind(
        _("Reveal to take note of"),
        _reveals,
        lambda row: f"{object_title(row.object_type)} {row.object_id}",
        "admin:reveals",
        "opened_at",
        by_row=False,
    ),
    Kind(_("Request of a person"), _subjects, _numbered, "admin:subject_request", "received_at", "due_on"),
    Kind(_("Incident"), _incidents, _numbered, "admin:incident", "found_at"),
    Kind(_("Privacy policy"), _policies, _numbered, "admin:policy", "proposed_at"),
    Kind(_("Plan to publish"), drafts_waiting, _plan_title, "admin:plan", "created_at"),
)
