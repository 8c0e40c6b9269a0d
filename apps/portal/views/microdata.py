"""Releases of rows about people: the list, the form to ask, the decision, the file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.data import Capability
from apps.core.errors import ProblemError
from apps.portal.selectors.microdata import LABEL, release_lines
from apps.portal.selectors.rows import visible
from apps.portal.views.acts import act
from apps.portal.views.page import PermissionRefused, needs, page
from apps.privacy.services.microdata import (
    MicroWish,
    microrelease_ask,
    microrelease_decide,
    microrelease_file,
)
from apps.privacy.services.rest import request_viewer
from apps.privacy.services.tables import tables_visible


@needs(Capability.VIEW)
def microdata(request: HttpRequest) -> HttpResponse:
    """The releases of the viewer's domains, and the columns of the table that he chose to ask for."""
    viewer = request_viewer(request)
    tables = [
        (key, f"{domain.title} · {table.title}", table) for key, domain, table in tables_visible(viewer)
    ]
    chosen = next((entry for entry in tables if entry[0] == request.GET.get("table")), None)
    return page(
        request,
        "portal/microdata.html",
        title=_("Releases of rows"),
        lines=release_lines(viewer),
        tables=tables,
        chosen=chosen,
    )


@require_POST
@needs(Capability.VIEW)
def microdata_ask(request: HttpRequest) -> HttpResponse:
    """Ask for a release."""
    wish = MicroWish(
        table=request.POST.get("table", "")[:60],
        columns=request.POST.getlist("columns")[:12],
        purpose=request.POST.get("purpose", "")[:40],
        recipient=request.POST.get("recipient", "")[:80],
    )
    return act(
        request,
        lambda: microrelease_ask(wish, viewer=request_viewer(request)),
        done=_("The release is asked for; an approver of the domain decides."),
        back=reverse("admin:microdata"),
    )


@require_POST
@needs(Capability.APPROVE)
def microdata_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a release, or refuse it with a reason."""
    viewer = request_viewer(request)
    release = get_object_or_404(visible(viewer, LABEL), pk=pk)
    approve = request.POST.get("answer") == "approve"
    reason = request.POST.get("reason", "")[:300]
    return act(
        request,
        lambda: microrelease_decide(release, viewer=viewer, approve=approve, reason=reason),
        done=_("The decision is recorded."),
        back=reverse("admin:microdata"),
    )


@needs(Capability.VIEW)
def microdata_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of a release, for the person who asked for it."""
    viewer, kind = request_viewer(request), request.GET.get("file", "csv")
    release = get_object_or_404(visible(viewer, LABEL), pk=pk)
    try:
        content, media = microrelease_file(release, viewer=viewer, kind=kind)
    except ProblemError as error:
        raise PermissionRefused(str(error.detail)) from error
    name = f'attachment; filename="release-{release.pk}.{kind}"'
    return HttpResponse(content, content_type=media, headers={"Content-Disposition": name})
