"""Incidents: the list, one incident with whom it concerns, and what is owed to whom by when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.data import Viewer
from apps.core.errors import ProblemError
from apps.portal.selectors.rows import visible
from apps.portal.selectors.subjects import user_name
from apps.portal.views.acts import act
from apps.portal.views.page import PermissionRefused, page
from apps.privacy.services.rest import request_viewer
from apps.subjects.selectors import records
from apps.subjects.selectors.leaks import leak_of
from apps.subjects.services.incidents import TEXTS, incident_check, incident_open, incident_step
from apps.subjects.services.notices import has_minors, notice_text, report_text

PER_PAGE = 50
SHOWN = 200  # recipients on the page; the API gives them all
LABEL = "subjects.Incident"


def keeper(request: HttpRequest) -> Viewer:
    """The viewer, who must be of the security office or an approver with the highest clearance."""
    viewer = request_viewer(request)
    try:
        incident_check(viewer)
    except ProblemError as error:
        raise PermissionRefused(str(error.detail)) from error
    return viewer


def incidents(request: HttpRequest) -> HttpResponse:
    """The list, the newest first, and the form for a new one."""
    viewer = keeper(request)
    rows = visible(viewer, LABEL)
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "portal/incidents.html",
        title=_("Incidents"),
        rows=found,
        now=timezone.now(),
        breaches=rows.model._meta.get_field("breach").flatchoices,
    )


@require_POST
def incident_new(request: HttpRequest) -> HttpResponse:
    """Open an incident."""
    viewer, sent = keeper(request), request.POST

    def deed() -> Any:
        found = _moment(sent.get("found_at", ""), "found_at")
        if found is None:
            raise ProblemError(_("Say when the incident was found."), "found_at", code="missing")
        return incident_open(
            sent.get("title", ""),
            breach=sent.get("breach", ""),
            found_at=found,
            leaked=sent.get("leaked", ""),
            viewer=viewer,
            occurred_at=_moment(sent.get("occurred_at", ""), "occurred_at"),
            **_texts(sent),
        )

    def back(row: Any) -> str:
        return reverse("admin:incident", args=[row.pk]) if row else reverse("admin:incidents")

    return act(request, deed, done=_("The incident is open; report it within 24 hours."), back=back)


def incident(request: HttpRequest, pk: int) -> HttpResponse:
    """One incident: its facts, the people and the recipients, the texts, the next step."""
    viewer = keeper(request)
    row = get_object_or_404(visible(viewer, LABEL), pk=pk)
    leak = leak_of(row)
    return page(
        request,
        "portal/incident.html",
        title=row.title,
        row=row,
        now=timezone.now(),
        leak=leak,
        people=[
            (records()[label][1].title, len(ids), ", ".join(ids[:20])) for label, ids in leak.subjects.items()
        ],
        recipients=[(item, user_name(item.user_id, viewer)) for item in leak.recipients[:SHOWN]],
        report=report_text(row, leak),
        notice=notice_text(row, leak),
        guardian=notice_text(row, leak, guardian=True) if has_minors(leak) else "",
    )


@require_POST
def incident_move(request: HttpRequest, pk: int) -> HttpResponse:
    """The next step of an incident."""
    viewer, sent = keeper(request), request.POST
    get_object_or_404(visible(viewer, LABEL), pk=pk)
    return act(
        request,
        lambda: incident_step(pk, step=sent.get("step", ""), viewer=viewer, **_texts(sent)),
        done=_("The step is recorded."),
        back=reverse("admin:incident", args=[pk]),
    )


def _texts(sent: Any) -> dict[str, str]:
    return {name: sent.get(name, "") for name in TEXTS}


def _moment(text: str, field: str) -> datetime | None:
    try:
        found = parse_datetime(text) if text else None
    except ValueError:
        found = None
    if text and found is None:
        raise ProblemError(_("Give the time as YYYY-MM-DD HH:MM."), field)
    return timezone.make_aware(found) if found and timezone.is_naive(found) else found
