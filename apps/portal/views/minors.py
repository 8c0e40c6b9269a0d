"""Requests for minors' data: ask, decide, end."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.data import Capability
from apps.accounts.selectors import session_is_fresh
from apps.core.errors import ProblemError
from apps.portal.selectors.approvals import minors_listed, request_lines
from apps.portal.selectors.titles import field_title, object_title
from apps.portal.views.acts import act
from apps.portal.views.page import needs, page
from apps.privacy.services.minors import (
    Offer,
    Wish,
    minors_kinds,
    minors_offers,
    minors_request_decide,
    minors_request_end,
    minors_request_make,
    minors_request_withdraw,
)
from apps.privacy.services.reasons import explained
from apps.privacy.services.rest import request_viewer

PER_PAGE = 50
DAYS = (1, 7, 30)


@needs(Capability.VIEW)
def minors(request: HttpRequest) -> HttpResponse:
    """One's own requests and those that wait for one's decision."""
    viewer = request_viewer(request)
    found = Paginator(minors_listed(viewer), PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "portal/minors.html",
        title=_("Minors' data"),
        rows=found,
        lines=request_lines(viewer, found),
        may_ask=any(label.partition(".")[0] in viewer.domains for label in minors_kinds()),
    )


@needs(Capability.VIEW)
def minors_new(request: HttpRequest) -> HttpResponse:
    """The form of a request; what was typed stays when something is missing."""
    viewer, asked = request_viewer(request), request.POST
    offers = minors_offers(viewer)
    fault = ProblemError("")
    if request.method == "POST":
        try:
            row = minors_request_make(viewer, _wish(request))
        except ProblemError as error:
            fault = error
        else:
            return redirect("admin:minors_request", row.pk)
    purposes = {code: title for offer in offers if offer.fields for code, title in offer.purposes.items()}
    context: dict[str, Any] = {"kinds": list(map(_choice, offers)), "purposes": purposes, "days": DAYS}
    context |= {"given": asked, "chosen": asked.getlist("fields"), "fault": fault}
    return page(request, "portal/minors_new.html", title=_("Ask for minors' data"), **context)


def _choice(offer: Offer) -> dict[str, Any]:
    """A kind of record in words: the fields to choose from, and why the others are none of them."""
    label, closed = offer.object_type, defaultdict[str, list[str]](list)
    for name, decision in offer.closed.items():
        closed[explained(decision, object_type=label, field=name)].append(field_title(label, name))
    fields = [(f"{label}.{name}", field_title(label, name)) for name in offer.fields]
    return {"title": object_title(label), "fields": fields, "closed": list(closed.items())}


def _wish(request: HttpRequest) -> Wish:
    given = request.POST
    chosen = [label.rpartition(".") for label in given.getlist("fields")]
    kinds = {object_type for object_type, _dot, _name in chosen}
    if len(kinds) != 1:
        raise ProblemError(_("Choose fields of one kind of record."), "fields")
    days = given.get("days", "")
    return Wish(
        object_type=kinds.pop(),
        purpose=given.get("purpose", ""),
        reason=given.get("reason", "")[:300],
        until=timezone.now() + timedelta(days=int(days) if days in map(str, DAYS) else 0),
        fields=[name for _type, _dot, name in chosen],
        objects_only=[
            part for part in given.get("objects", "").replace("，", ",").replace(" ", "").split(",") if part
        ],
    )


@needs(Capability.VIEW)
def minors_request(request: HttpRequest, pk: int) -> HttpResponse:
    """One request with its decision, and the form for it."""
    viewer = request_viewer(request)
    row = get_object_or_404(minors_listed(viewer), pk=pk)
    line = request_lines(viewer, [row])[0]
    is_fresh = session_is_fresh(request.session)
    return page(
        request,
        "portal/minors_request.html",
        title=_("Request %(number)s") % {"number": pk},
        line=line,
        is_fresh=is_fresh,
    )


@require_POST
@needs(Capability.APPROVE)
def minors_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or refuse."""
    viewer = request_viewer(request)
    row = get_object_or_404(minors_listed(viewer), pk=pk)
    approve, note = request.POST.get("decision") == "approve", request.POST.get("note", "")[:300]
    return act(
        request,
        lambda: minors_request_decide(row, viewer=viewer, approve=approve, note=note),
        done=_("The request is approved.") if approve else _("The request is refused."),
        back=reverse("admin:minors_request", args=[pk]),
    )


@require_POST
@needs(Capability.VIEW)
def minors_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own request back."""
    viewer = request_viewer(request)
    row = get_object_or_404(minors_listed(viewer), pk=pk)
    return act(
        request,
        lambda: minors_request_withdraw(row, viewer=viewer),
        done=_("The request is withdrawn."),
        back=reverse("admin:minors_request", args=[pk]),
    )


@require_POST
@needs(Capability.APPROVE)
def minors_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an approval before its time."""
    viewer = request_viewer(request)
    row = get_object_or_404(minors_listed(viewer), pk=pk)
    return act(
        request,
        lambda: minors_request_end(row, viewer=viewer),
        done=_("The access has ended, at every exit."),
        back=reverse("admin:minors_request", args=[pk]),
    )
