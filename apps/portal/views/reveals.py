"""Reveal one masked field for five minutes, and tell the approvers of the department that owns it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.accounts.data import Capability
from apps.accounts.selectors import session_is_fresh
from apps.accounts.services.second_factor import factors_of
from apps.accounts.services.sessions import confirm
from apps.core.errors import ProblemError
from apps.portal.selectors.approvals import records_url, reveal_lines, reveals_listed
from apps.portal.selectors.rows import visible_get
from apps.portal.views.acts import act
from apps.portal.views.page import needs, page
from apps.privacy.services.rest import request_viewer
from apps.privacy.services.reveals import (
    Wanted,
    fields_revealable,
    is_opened_by_purpose,
    purposes_for,
    reveal_note,
    reveal_open,
    reveal_value,
)

PER_PAGE = 50
GIVEN = ("field", "purpose", "ticket")


@never_cache
@needs(Capability.VIEW)
def reveal_new(request: HttpRequest) -> HttpResponse:
    """The question before a reveal: which field, for what purpose, for which ticket, and who asks."""
    viewer = request_viewer(request)
    user: Any = request.user
    asked = request.POST or request.GET
    label, pk = asked.get("object", ""), asked.get("pk", "")
    row = _row(viewer, label, pk)
    given = {name: asked.get(name, "") for name in GIVEN}
    fault = ProblemError("")
    if request.method == "POST":
        try:
            return redirect("admin:reveal", _opened(request, Wanted(label, pk, **given)).code)
        except ProblemError as error:
            fault = error
    return page(
        request,
        "portal/reveal_new.html",
        title=_("Reveal a field"),
        row=row,
        label=label,
        fields=fields_revealable(viewer, row),
        purpose=viewer.purpose,
        opened=is_opened_by_purpose(viewer, row),
        address=records_url(label, [str(row.pk)]),
        purposes=purposes_for(viewer, label),
        given=given,
        fault=fault,
        is_fresh=session_is_fresh(request.session),
        kinds=factors_of(user),
    )


def _row(viewer: Any, label: str, pk: str) -> Any:
    try:
        return visible_get(viewer, label, pk)
    except (LookupError, ValueError) as error:
        raise Http404 from error


def _opened(request: HttpRequest, wanted: Wanted) -> Any:
    user: Any = request.user
    proof = {name: request.POST.get(name, "") for name in ("password", "code")}
    if not session_is_fresh(request.session):
        confirm(request, user, **proof)
    viewer = replace(request_viewer(request), confirmed=True)  # it was worked out before the confirmation
    return reveal_open(request, wanted, viewer=viewer)


@never_cache
def reveal(request: HttpRequest, code: str) -> HttpResponse:
    """The value under a watermark, with what is left of the five minutes; then 403 at this address."""
    try:
        row, title, value = reveal_value(code, viewer=request_viewer(request))
    except ProblemError as error:
        context = {"title": _("Reveal a field"), "fault": error, "seconds": 0}
        answer = page(request, "portal/reveal.html", **context)
        answer.status_code = error.status
        return answer
    seconds = max(int((row.until - timezone.now()).total_seconds()), 0)
    return page(request, "portal/reveal.html", title=title, row=row, value=value, seconds=seconds)


@needs(Capability.VIEW)
def reveals(request: HttpRequest) -> HttpResponse:
    """One's own reveals, and for approvers those in their domains, the unnoted first."""
    viewer = request_viewer(request)
    found = Paginator(reveals_listed(viewer), PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request, "portal/reveals.html", title=_("Reveals"), rows=found, lines=reveal_lines(viewer, found)
    )


@require_POST
@needs(Capability.APPROVE)
def reveal_noted(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Take note of somebody's reveal."""
    viewer = request_viewer(request)
    row = get_object_or_404(reveals_listed(viewer), pk=pk)
    return act(
        request, lambda: reveal_note(row, viewer=viewer), done=_("Noted."), back=reverse("admin:reveals")
    )
