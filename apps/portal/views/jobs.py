"""Jobs: the tray's data, the list, one job, and what people wish of it."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.data import Capability
from apps.core.answers import PlainJson
from apps.core.errors import ProblemError
from apps.core.jobs import job_body
from apps.core.models import Job
from apps.live.selectors import job_may_stop
from apps.live.services import job_ask
from apps.portal.selectors.work import jobs_open, jobs_visible
from apps.portal.views.page import needs, page
from apps.privacy.services.rest import request_viewer

PER_PAGE = 50
TRAY = 20
WISHES = ("cancel", "take")


@needs(Capability.VIEW)
def jobs(request: HttpRequest) -> HttpResponse:
    """The list, newest first."""
    viewer, wanted = request_viewer(request), request.GET.get("state", "")
    rows = jobs_visible(viewer)
    rows = rows.filter(state=wanted) if wanted else rows
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    lines = [{"job": row, "may_stop": job_may_stop(viewer, row)} for row in found]
    states = Job._meta.get_field("state").flatchoices
    return page(
        request, "portal/jobs.html", title=_("Jobs"), rows=found, lines=lines, state=wanted, states=states
    )


@needs(Capability.VIEW)
def jobs_tray(request: HttpRequest) -> JsonResponse:
    """Open jobs as the websocket would tell them: the answer for a page whose socket is down."""
    return PlainJson({"jobs": [job_body(row) for row in jobs_open(request_viewer(request))[:TRAY]]})


@needs(Capability.VIEW)
def job_state(request: HttpRequest, pk: UUID) -> JsonResponse:
    """One job as the websocket would tell it."""
    return PlainJson(job_body(get_object_or_404(jobs_visible(request_viewer(request)), pk=pk)))


@require_POST
@needs(Capability.VIEW)
def job_wish_set(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the job to stop, or to take its best answer so far."""
    viewer = request_viewer(request)
    job, wish = get_object_or_404(jobs_visible(viewer), pk=pk), request.POST.get("wish", "")
    if wish not in WISHES:
        raise ProblemError(_("Ask for cancel or take."), "wish")
    body = job_body(job_ask(job, wish=wish, viewer=viewer))
    if "application/json" in request.headers.get("Accept", ""):
        return PlainJson(body)
    return HttpResponseRedirect(reverse("admin:jobs"))
