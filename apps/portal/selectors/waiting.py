"""Everything that waits for a decision of the viewer, whatever kind of request it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.data import Capability, Office, Viewer
from apps.audit.services import seen
from apps.catalogue.selectors.entries import datasets_listed, may_steward, name_of
from apps.catalogue.selectors.listing import assessments_waiting, corrections_waiting
from apps.catalogue.selectors.requests import requests_waiting
from apps.core.declarations import Text
from apps.core.domains import domain_get, tables_by_id
from apps.portal.selectors.approvals import approves_in
from apps.portal.selectors.plans import problem_title
from apps.portal.selectors.rows import visible
from apps.portal.selectors.titles import object_title
from apps.portal.selectors.work import drafts_waiting
from apps.subjects.services.incidents import may_handle_incidents
from apps.subjects.services.officers import approved_domains

LISTED = 100  # of each kind
Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of decision: whose it is, which rows wait, what they are called, where they are decided."""

    title: Text
    decider: Callable[[Viewer], bool]
    rows: Callable[[Viewer], Rows]
    subject: Callable[[Any], str]
    page: str
    since: str
    due: str = ""
    of_page: Callable[[Any], tuple[Any, ...]] = lambda row: (row.pk,)  # the number in the page's address

    def url(self, row: Any) -> str:
        """The page on which the row is decided."""
        return reverse(self.page, args=self.of_page(row))


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
    return sum(kind.rows(viewer).count() for kind in KINDS if kind.decider(viewer))


def waiting_lines(viewer: Viewer) -> list[WaitingLine]:
    """What waits: overdue first, then by due date, then what has waited longest."""
    kinds = [kind for kind in KINDS if kind.decider(viewer)]
    lines = [_line(kind, row) for kind in kinds for row in _listed(kind, viewer)]
    return sorted(lines, key=lambda line: (line.due or date.max, line.since or timezone.now()))


def decides(viewer: Viewer) -> bool:
    """Whether the viewer decides on anything at all: most people do not, and cost no query."""
    return any(kind.decider(viewer) for kind in KINDS)


def _holder(*capabilities: Capability) -> Callable[[Viewer], bool]:
    return lambda viewer: any(held in capabilities for _domain, held in viewer.rights)


def _security(viewer: Viewer) -> bool:
    return viewer.office is Office.SECURITY


def _listed(kind: Kind, viewer: Viewer) -> list[Any]:
    """The first rows of a kind, noted for the access log with the entries of the catalogue that they name."""
    rows = list(kind.rows(viewer)[:LISTED])
    for label in {row._meta.label for row in rows}:
        seen(label, [row.pk for row in rows])
    seen("catalogue.Dataset", {row.dataset_id for row in rows if hasattr(row, "dataset_id")})
    return rows


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
    return visible(viewer, "subjects.SubjectRequest").filter(ended_at=None)


def _incidents(viewer: Viewer) -> Rows:
    return visible(viewer, "subjects.Incident").filter(closed_at=None)


def _policies(viewer: Viewer) -> Rows:
    return visible(viewer, "privacy.PolicyVersion").filter(state="proposed").exclude(author=viewer.user_id)


def _moves(viewer: Viewer) -> Rows:
    rows = visible(viewer, "accounts.Transfer").filter(decided_at=None).select_related("user")
    return rows.exclude(asked_by=viewer.user_id).exclude(user=viewer.user_id)


def _entries(viewer: Viewer) -> Rows:
    """Entries of the catalogue that somebody else has written, and reviewed ones to publish."""
    rows = datasets_listed(viewer).filter(domain__in=approves_in(viewer))
    written = Q(state="draft", edited_by__isnull=False) & ~Q(edited_by=viewer.user_id)
    return rows.filter(written | Q(state="reviewed"))


def _assessments(viewer: Viewer) -> Rows:
    rows = assessments_waiting(approves_in(viewer)).exclude(made_by=viewer.user_id)
    return rows.select_related("dataset")


def _errors(viewer: Viewer) -> Rows:
    stewarded = [slug for slug in viewer.domains if may_steward(viewer, slug)]
    rows = corrections_waiting(viewer).filter(state="reported", dataset__domain__in=stewarded)
    return rows.exclude(reported_by=viewer.user_id)


def _rules(viewer: Viewer) -> Rows:
    handled = [slug for slug in viewer.domains if viewer.may(slug, Capability.HANDLE)]
    rows = visible(viewer, "sensing.CleaningRule").filter(state="draft", domain__in=handled)
    return rows.exclude(made_by=viewer.user_id)


def _release_title(row: Any) -> str:
    known = tables_by_id().get(row.table)
    return str(known[1].title) if known else "–"


def _plan_title(row: Any) -> str:
    return f"{problem_title(row.problem)} · v{row.version}"


def _rule_title(row: Any) -> str:
    kinds = {kind.key: str(kind.title) for kind in domain_get(row.domain).kinds}
    return f"{kinds.get(row.kind, row.kind)} · v{row.version}"


def _numbered(row: Any) -> str:
    return f"{row._meta.verbose_name} {row.pk}"


KINDS = (
    Kind(
        _("Request for data"),
        _holder(Capability.APPROVE),
        requests_waiting,
        lambda row: name_of(row.dataset),
        "admin:data_request",
        "submitted_at",
        "due_on",
    ),
    Kind(
        _("Request for minors' data"),
        _holder(Capability.APPROVE),
        _minors,
        lambda row: object_title(row.object_type),
        "admin:minors_request",
        "asked_at",
    ),
    Kind(
        _("Release of rows"),
        _holder(Capability.APPROVE),
        _releases,
        _release_title,
        "admin:microdata",
        "asked_at",
        of_page=lambda _row: (),
    ),
    Kind(
        _("Reveal to take note of"),
        _holder(Capability.APPROVE),
        _reveals,
        lambda row: f"{object_title(row.object_type)} {row.object_id}",
        "admin:reveals",
        "opened_at",
        of_page=lambda _row: (),
    ),
    Kind(
        _("Request of a person"),
        lambda viewer: bool(approved_domains(viewer)),
        _subjects,
        _numbered,
        "admin:subject_request",
        "received_at",
        "due_on",
    ),
    Kind(_("Incident"), may_handle_incidents, _incidents, _numbered, "admin:incident", "found_at"),
    Kind(_("Privacy policy"), _security, _policies, _numbered, "admin:policy", "proposed_at"),
    Kind(
        _("Move of a person"),
        _security,
        _moves,
        lambda row: row.user.display_name or row.user.username,
        "admin:accounts_transfer_changelist",
        "asked_at",
        of_page=lambda _row: (),
    ),
    Kind(
        _("Catalogue entry"),
        _holder(Capability.APPROVE),
        _entries,
        name_of,
        "admin:dataset",
        "updated_at",
    ),
    Kind(
        _("Impact assessment"),
        _holder(Capability.APPROVE),
        _assessments,
        lambda row: name_of(row.dataset),
        "admin:dataset",
        "made_at",
        of_page=lambda row: (row.dataset_id,),
    ),
    Kind(
        _("Reported error"),
        _holder(Capability.APPROVE, Capability.HANDLE),
        _errors,
        lambda row: name_of(row.dataset),
        "admin:dataset",
        "reported_at",
        of_page=lambda row: (row.dataset_id,),
    ),
    Kind(
        _("Cleaning rule"),
        _holder(Capability.HANDLE),
        _rules,
        _rule_title,
        "admin:sensing_cleaningrule_changelist",
        "made_at",
        of_page=lambda _row: (),
    ),
    Kind(
        _("Plan to publish"),
        _holder(Capability.PUBLISH),
        drafts_waiting,
        _plan_title,
        "admin:plan",
        "created_at",
    ),
)
