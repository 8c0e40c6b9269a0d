"""Requests of people about their own data: the list, one request, and every step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from apps.accounts.data import Viewer
from apps.core.domains import domain_get
from apps.core.errors import ProblemError
from apps.core.moments import day_read
from apps.core.numbers import whole_number
from apps.portal.selectors.rows import visible
from apps.portal.selectors.subjects import match_lines, told_shown, urgency
from apps.portal.views.acts import act
from apps.portal.views.page import PermissionRefused, page
from apps.privacy.services.rest import request_viewer
from apps.subjects import services
from apps.subjects.data import Told
from apps.subjects.selectors import domains_with_people
from apps.subjects.services.exporting import file_answer
from apps.subjects.services.officers import officer_check

PER_PAGE = 50
LABEL = "subjects.SubjectRequest"
TEXTS = ("id_number", "phone", "name", "number")
DONE = {
    "identity": gettext_lazy("The identity check is recorded."),
    "search": gettext_lazy("The domains are searched."),
    "confirm": gettext_lazy("The rows are confirmed."),
    "tell": gettext_lazy("The request is answered."),
    "correct": gettext_lazy("The rows are corrected."),
    "erase": gettext_lazy("The person is deleted, except what a law keeps."),
    "refuse": gettext_lazy("The request is refused."),
}


def officer(request: HttpRequest) -> Viewer:
    """The viewer, who must be an approver with the highest clearance."""
    viewer = request_viewer(request)
    try:
        officer_check(viewer)
    except ProblemError as error:
        raise PermissionRefused(str(error.detail)) from error
    return viewer


def choices(name: str) -> Any:
    """The choices of a field of the request."""
    return visible_model()._meta.get_field(name).flatchoices


def visible_model() -> Any:
    """The model of the requests."""
    return visible(Viewer(), LABEL).model


def subject_requests(request: HttpRequest) -> HttpResponse:
    """The list, what is due first at the top, and the form for a new request."""
    viewer, wanted = officer(request), request.GET.get("state", "")
    rows = visible(viewer, LABEL).order_by("ended_at", "due_on", "-pk")
    rows = rows.filter(state=wanted) if wanted else rows
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "portal/subject_requests.html",
        title=_("Subject requests"),
        rows=found,
        lines=[(row, urgency(row)) for row in found],
        state=wanted,
        states=choices("state"),
        kinds=choices("kind"),
        askers=choices("asker"),
        correctable=sorted(services.changes_known()),
    )


@require_POST
def subject_receive(request: HttpRequest) -> HttpResponse:
    """Take down a request."""
    viewer = officer(request)

    def back(row: Any) -> str:
        return reverse("admin:subject_request", args=[row.pk]) if row else reverse("admin:subject_requests")

    return act(request, lambda: _received(request, viewer), done=_("The request is taken down."), back=back)


def _received(request: HttpRequest, viewer: Viewer) -> Any:
    given = {name: request.POST.get(name, "").strip()[:80] for name in TEXTS}
    field, value = request.POST.get("change", ""), request.POST.get("value", "")
    return services.request_receive(
        Told(**given, birth_date=_date(request.POST.get("birth_date", ""))),
        kind=request.POST.get("kind", ""),
        asker=request.POST.get("asker", ""),
        changes={field: value} if field else {},
        viewer=viewer,
    )


def _date(text: str) -> date | None:
    found = day_read(text)
    if text and found is None:
        raise ProblemError(_("Give the date of birth as YYYY-MM-DD."), "birth_date")
    return found


def subject_request(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: what was told, what was found, and the next step."""
    viewer = officer(request)
    row = get_object_or_404(visible(viewer, LABEL), pk=pk)
    stone = getattr(row, "tombstone", None)
    return page(
        request,
        "portal/subject_request.html",
        title=str(row),
        row=row,
        urgency=urgency(row),
        told=told_shown(row, viewer),
        lines=match_lines(row, viewer),
        changes=list(row.changes),
        held=sorted(row.result.get("held", {}).items()),
        erased=sorted(row.result.get("erased", {}).items()),
        kept=stone.kept if stone else [],
        unsearched=[domain_get(slug).title for slug in domains_with_people() if slug not in row.searched],
        proofs=choices("proof"),
        refusals=choices("refusal"),
        is_mine=row.checked_by_id == viewer.user_id,
    )


@require_POST
def subject_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Do the next step."""
    viewer, step = officer(request), request.POST.get("step", "")
    get_object_or_404(visible(viewer, LABEL), pk=pk)
    deed = _deeds(request, pk, viewer).get(step)
    if deed is None:
        raise ProblemError(_("There is no such step."), "step")
    return act(request, deed, done=DONE[step], back=reverse("admin:subject_request", args=[pk]))


def _deeds(request: HttpRequest, pk: int, viewer: Viewer) -> dict[str, Callable[[], Any]]:
    sent = request.POST
    chosen = {number for text in sent.getlist("chosen") if (number := whole_number(text)) is not None}
    return {
        "identity": lambda: services.identity_check(
            pk, proof=sent.get("proof", ""), note=sent.get("note", ""), viewer=viewer
        ),
        "search": lambda: services.subject_search(pk, viewer=viewer),
        "confirm": lambda: services.matches_confirm(pk, chosen=chosen, viewer=viewer),
        "tell": lambda: services.request_tell(pk, viewer=viewer),
        "correct": lambda: services.request_correct(pk, viewer=viewer),
        "erase": lambda: services.request_erase(pk, viewer=viewer),
        "refuse": lambda: services.request_refuse(
            pk, refusal=sent.get("refusal", ""), answer=sent.get("answer", ""), viewer=viewer
        ),
    }


@require_POST
def subject_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The copy for the person, as a download that no cache keeps."""
    viewer = officer(request)
    get_object_or_404(visible(viewer, LABEL), pk=pk)
    return file_answer(services.request_export(pk, viewer=viewer, encoding=request.POST.get("encoding", "")))
