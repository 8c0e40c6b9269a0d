"""What the pages of the subject rights show: every value as the kernel lets the officer see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils import timezone

from apps.accounts.data import Viewer, acting_as
from apps.audit.services import seen
from apps.core.domains import domain_get
from apps.privacy.services import decide, masked, visible_fields
from apps.subjects.data import PURPOSE, Identifier
from apps.subjects.selectors import records
from apps.subjects.selectors.matching import SYSTEM
from apps.subjects.selectors.records import rows_of
from apps.subjects.services.officers import approved_domains

TOLD = ("name", "id_number", "phone", "birth_date", "institution_number")
SOON = 3  # days before the due date on which the list warns


@dataclass(frozen=True, slots=True)
class MatchLine:
    """A row that was found, with as much of its identity as the officer may see."""

    match: Any
    domain: str
    title: str
    identity: str
    by: str


def told_shown(request: Any, viewer: Viewer) -> list[tuple[str, Any]]:
    """Title and value of each identifier that the person told."""
    shown, domain = [], next(iter(approved_domains(viewer)), "")
    for name in TOLD:
        decision = decide(viewer, "subjects.SubjectRequest", name, purpose=PURPOSE, domain=domain)
        value = masked(getattr(request, name), decision, row=request)
        if value:
            shown.append((request._meta.get_field(name).verbose_name, value))
    seen(request._meta.label, (request.pk,), TOLD)
    return shown


def match_lines(request: Any, viewer: Viewer) -> list[MatchLine]:
    """The rows found, domain by domain."""
    lines = []
    for match in request.matches.all():
        slug, record = records()[match.object_type]
        titles = [str(Identifier(kind).label) for kind in match.by]
        lines.append(
            MatchLine(
                match=match,
                domain=str(domain_get(slug).title),
                title=str(record.title),
                identity=_identity(match, viewer),
                by=", ".join(titles),
            )
        )
    return lines


def _identity(match: Any, viewer: Viewer) -> str:
    record = records()[match.object_type][1]
    decisions = visible_fields(viewer, apps.get_model(match.object_type), purpose=PURPOSE)
    with acting_as(SYSTEM):
        row = rows_of(match.object_type).filter(pk=match.object_id).first()
    if row is None:
        return ""
    seen(match.object_type, (row.pk,), record.identity.values())
    values = (masked(getattr(row, name), decisions[name], row=row) for name in record.identity.values())
    return " · ".join(str(value) for value in values if value)


def urgency(request: Any) -> str:
    """The badge of the due date: ``stale`` when it has passed, ``queued`` when it is near, else ``live``."""
    if not request.is_open:
        return "empty"
    left = (request.due_on - timezone.localdate()).days
    return "stale" if left < 0 else "queued" if left <= SOON else "live"


def user_name(user_id: int | None, viewer: Viewer) -> str:
    """The account's name where the viewer may see accounts, else its number."""
    if user_id is None:
        return "–"
    decision = decide(viewer, "accounts.User", "username")
    name = (
        apps.get_model("accounts", "User")
        .objects.filter(pk=user_id)
        .values_list("username", flat=True)
        .first()
    )
    return str(name) if decision.is_clear and name else f"#{user_id}"
