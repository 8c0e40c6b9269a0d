"""Incidents: opened, reported within 24 hours, the people told, closed (PIPL Art. 57, NDR Art. 10)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Office, Viewer
from apps.accounts.services.sessions import privileged_require
from apps.audit.services import Act, access_record
from apps.core.errors import ProblemError
from apps.subjects.models import Breach, Incident, Step
from apps.subjects.services.officers import approved_domains
from apps.subjects.services.steps import choice_check

REPORT_WITHIN = timedelta(hours=24)  # Network Data Security Regulations, Art. 10
NEXT = {
    Step.REPORTED: (Step.OPEN, "reported_at"),
    Step.NOTIFIED: (Step.REPORTED, "notified_at"),
    Step.CLOSED: (Step.NOTIFIED, "closed_at"),
}
TEXTS = ("cause", "harm", "measures")


def may_handle_incidents(viewer: Viewer) -> bool:
    """The security office, and approvers with the highest clearance."""
    return viewer.office is Office.SECURITY or bool(approved_domains(viewer))


def incident_check(viewer: Viewer) -> int:
    """The id of the officer; ProblemError 403 for everybody else."""
    if not may_handle_incidents(viewer) or viewer.user_id is None:
        detail = _(
            "Only the security administrator and approvers with the highest clearance handle incidents."
        )
        raise ProblemError(detail, status=403, code="role")
    privileged_require(viewer)
    return viewer.user_id


@transaction.atomic
def incident_open(
    title: str, *, breach: str, found_at: datetime, leaked: str, viewer: Viewer, **facts: Any
) -> Incident:
    """Open an incident; the report is due 24 hours after it was found.

    ``facts`` are ``occurred_at``, ``cause``, ``harm`` and ``measures``. ProblemError for a time to come.
    """
    officer_id = incident_check(viewer)
    choice_check(Breach, breach, "breach")
    if not title.strip():
        raise ProblemError(_("Give the incident a title, without names of people."), "title", code="missing")
    if found_at > timezone.now() or (facts.get("occurred_at") or found_at) > found_at:
        raise ProblemError(_("It happened before it was found, and it was found before now."), "found_at")
    incident = Incident.objects.create(
        title=title.strip()[:120],
        breach=breach,
        found_at=found_at,
        leaked=leaked.strip()[:128],
        report_due_at=found_at + REPORT_WITHIN,
        opened_by_id=officer_id,
        occurred_at=facts.get("occurred_at"),
        **{name: str(facts.get(name, ""))[:500] for name in TEXTS},
    )
    _record(incident, viewer)
    return incident


@transaction.atomic
def incident_step(incident_id: int, *, step: str, viewer: Viewer, **facts: str) -> Incident:
    """Move an incident on, one step after the other; ``facts`` fill in cause, harm and measures."""
    incident_check(viewer)
    choice_check(Step, step, "step")
    incident = Incident.objects.select_for_update().get(pk=incident_id)
    before, moment = NEXT.get(Step(step), (None, ""))
    if before != incident.state:
        raise ProblemError(_("The steps follow one another: reported, people notified, closed."), "step", 409)
    for name in TEXTS:
        setattr(incident, name, (facts.get(name) or getattr(incident, name))[:500])
    missing = [name for name in TEXTS if not getattr(incident, name)]
    if missing:
        detail = _("Fill in cause, possible harm and measures first; the report must name them.")
        raise ProblemError(detail, missing[0], code="missing")
    incident.state = step
    setattr(incident, moment, timezone.now())
    incident.save()
    _record(incident, viewer)
    return incident


def _record(incident: Incident, viewer: Viewer) -> None:
    access_record(Act("incident", viewer.user_id, "subjects.Incident", str(incident.pk)))
