"""Requests for data: the form, one's own, those that wait for a decision, and what is decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.data import Capability, Viewer
from apps.catalogue.data import Purpose, Refusal, RequestState
from apps.catalogue.selectors.entries import datasets_listed, entries_shown, items_of, name_of
from apps.catalogue.selectors.listing import clients_of, events_of
from apps.catalogue.selectors.notices import notices_visible
from apps.catalogue.selectors.previews import request_preview
from apps.catalogue.selectors.requests import (
    clock_of,
    may_decide,
    may_judge,
    requests_visible,
    requests_waiting,
)
from apps.catalogue.services.granting import (
    dispute_decide,
    request_approve,
    request_provide,
    request_recall,
    request_withdraw,
)
from apps.catalogue.services.notices import notice_acknowledge
from apps.catalogue.services.requests import (
    request_dispute,
    request_pause,
    request_refuse,
    request_resume,
    request_submit,
)
from apps.core.errors import ProblemError
from apps.portal.selectors.approvals import records_url
from apps.portal.views.acts import act
from apps.portal.views.page import needs, page
from apps.portal.words_sharing import ACT_TITLES
from apps.privacy.services.granting import Access, fields_closed
from apps.privacy.services.rest import request_viewer

USUAL_DAYS = 90
NAMES = ("place", "purpose", "purpose_text", "legal_basis", "until", "client")


@needs(Capability.VIEW)
def data_requests(request: HttpRequest) -> HttpResponse:
    """The viewer's own requests, and the notices that he should acknowledge."""
    viewer = request_viewer(request)
    rows = requests_visible(viewer).filter(applicant=viewer.user_id)
    notices = notices_visible(viewer).filter(request__applicant=viewer.user_id, acknowledged_at=None)
    return page(
        request,
        "portal/data_requests.html",
        title=_("My data requests"),
        lines=[(row, clock_of(row)) for row in rows],
        notices=notices,
    )


@needs(Capability.VIEW)
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits for the viewer's decision, with the clock of each."""
    rows = requests_waiting(request_viewer(request))
    lines = [(row, clock_of(row)) for row in rows]
    return page(request, "portal/approvals.html", title=_("Approvals"), lines=lines)


def _openable(viewer: Viewer, dataset: Any) -> list[str]:
    """The fields of an entry that an approval would open for the viewer, whatever the purpose."""
    names = [str(item.get("name")) for item in dataset.items]
    access = Access(dataset.object_type, Purpose.SERVICE, timezone.now(), fields=names)
    closed = fields_closed(viewer, access)
    return [name for name in names if name not in closed]


@needs(Capability.VIEW)
def data_request_new(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for one entry, filled in as far as the platform knows."""
    viewer = request_viewer(request)
    (dataset,) = entries_shown([get_object_or_404(datasets_listed(viewer), pk=pk)])
    values: dict[str, Any] = {
        "fields": _openable(viewer, dataset),
        "until": (timezone.localdate() + timedelta(days=USUAL_DAYS)).isoformat(),
        "place": viewer.division,
    }
    fault = None
    if request.method == "POST":
        values = {name: request.POST.get(name, "") for name in NAMES}
        values["fields"] = request.POST.getlist("fields")
        try:
            made = request_submit(dataset, values=values, viewer=viewer)
        except ProblemError as error:
            fault = {"field": error.field, "detail": str(error.detail)}
        else:
            done = _("The request is sent; the reply is due on %(day)s.") % {"day": made.due_on}
            return act(request, dict, done=done, back=reverse("admin:data_request", args=[made.pk]))
    return page(
        request,
        "portal/data_request_new.html",
        title=name_of(dataset),
        dataset=dataset,
        items=list(items_of(dataset)),
        values=values,
        fault=fault,
        purposes=Purpose.choices,
        programs=clients_of(viewer).filter(active=True),
    )


@needs(Capability.VIEW)
def data_request(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: what is asked, the clock, the steps; for whoever decides, what the applicant would see."""
    viewer = request_viewer(request)
    row = get_object_or_404(requests_visible(viewer), pk=pk)
    decides, judges = may_decide(viewer, row), may_judge(viewer, row)
    waits = row.state in {RequestState.SUBMITTED, RequestState.PAUSED}
    titles = {item.name: item.title for item in items_of(row.dataset)}
    return page(
        request,
        "portal/data_request.html",
        title=name_of(row.dataset),
        row=row,
        clock=clock_of(row),
        wanted=[titles.get(name, name) for name in row.fields],
        events=[(event, ACT_TITLES.get(event.act, event.act)) for event in events_of(row)],
        preview=request_preview(row, reader=viewer) if decides and waits else None,
        opened=records_url(row.dataset.object_type) if row.state == RequestState.APPROVED else "",
        acts={
            "decide": decides and waits,
            "judge": judges and row.state == RequestState.DISPUTED,
            "recall": (decides or judges) and row.state == RequestState.APPROVED,
            "provide": decides and row.state == RequestState.APPROVED and row.provided_at is None,
            "own": viewer.user_id == row.applicant_id,
        },
        refusals=Refusal.choices,
    )


Deed = Callable[[Any, Viewer, HttpRequest], Any]


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "")


DEEDS: dict[str, Deed] = {
    "approve": lambda row, viewer, asked: request_approve(row, viewer=viewer, note=_reason(asked)),
    "refuse": lambda row, viewer, asked: request_refuse(
        row, refusal=asked.POST.get("refusal", ""), reason=_reason(asked), viewer=viewer
    ),
    "pause": lambda row, viewer, asked: request_pause(row, reason=_reason(asked), viewer=viewer),
    "resume": lambda row, viewer, _asked: request_resume(row, viewer=viewer),
    "dispute": lambda row, viewer, asked: request_dispute(row, reason=_reason(asked), viewer=viewer),
    "uphold": lambda row, viewer, asked: dispute_decide(
        row, upheld=True, reason=_reason(asked), viewer=viewer
    ),
    "reject": lambda row, viewer, asked: dispute_decide(
        row, upheld=False, reason=_reason(asked), viewer=viewer
    ),
    "provide": lambda row, viewer, _asked: request_provide(row, viewer=viewer),
    "withdraw": lambda row, viewer, _asked: request_withdraw(row, viewer=viewer),
    "recall": lambda row, viewer, asked: request_recall(row, reason=_reason(asked), viewer=viewer),
}


@require_POST
@needs(Capability.VIEW)
def data_request_go(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of a request."""
    viewer = request_viewer(request)
    row = get_object_or_404(requests_visible(viewer), pk=pk)
    deed = DEEDS.get(request.POST.get("act", ""))

    def done() -> Any:
        if deed is None:
            raise ProblemError(_("There is no such step."), "act")
        return deed(row, viewer, request)

    return act(request, done, done=_("Done."), back=reverse("admin:data_request", args=[pk]))


@require_POST
@needs(Capability.VIEW)
def notice_read(request: HttpRequest, pk: int) -> HttpResponse:
    """The consumer has read a notice and acted on it."""
    viewer = request_viewer(request)
    row = get_object_or_404(notices_visible(viewer), pk=pk)
    return act(
        request,
        lambda: notice_acknowledge(row, viewer=viewer),
        done=_("The notice is acknowledged."),
        back=reverse("admin:data_requests"),
    )
