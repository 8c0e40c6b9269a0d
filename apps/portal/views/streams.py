"""Datastreams: which feeds there are, whether they live, and the last day of one of them."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.core.domains import all_domains
from apps.portal.selectors.curves import SPANS, curve_of
from apps.portal.selectors.learning import track_records
from apps.portal.selectors.streams import stream_lines, streams_broken, streams_filtered, streams_visible
from apps.portal.views.page import needs, page
from apps.privacy.services.kernel import can_see
from apps.privacy.services.rest import request_viewer

PER_PAGE = 50
CORRECTIONS = "sensing.Edit"


@needs(Capability.VIEW)
def streams(request: HttpRequest) -> HttpResponse:
    """The list; its filters are in the address."""
    viewer, wanted = request_viewer(request), request.GET.dict()
    rows = Paginator(streams_filtered(viewer, wanted), PER_PAGE).get_page(wanted.pop("page", 1))
    domains = [domain for domain in all_domains() if domain.slug in viewer.domains]
    return page(
        request,
        "portal/streams.html",
        title=_("Datastreams"),
        lines=stream_lines(viewer, rows.object_list),
        rows=rows,
        wanted=wanted,
        domains=domains,
        broken_count=streams_broken(viewer).count(),
    )


@needs(Capability.VIEW)
def stream(request: HttpRequest, pk: int) -> HttpResponse:
    """One datastream: its newest value, its rules, the last day with the forecast band."""
    viewer = request_viewer(request)
    row = get_object_or_404(streams_visible(viewer), pk=pk)
    return page(
        request,
        "portal/stream.html",
        title=row.thing.name,
        line=stream_lines(viewer, [row])[0],
        curve=curve_of(viewer, row, span=request.GET.get("span", "")),
        spans=[(key, title) for key, (title, _length, _bucket) in SPANS.items()],
        tracks=track_records(viewer, datastream=pk),
        corrections=_corrections(viewer, row),
        list_url=reverse("admin:streams"),
    )


def _corrections(viewer: Viewer, stream: Any) -> dict[str, str]:
    """Where the corrections of a datastream are listed and made, as far as the viewer may."""
    if not can_see(viewer, CORRECTIONS):
        return {}
    links = {"list_url": reverse("admin:sensing_edit_changelist", query={"q": stream.key})}
    if viewer.may(stream.thing.domain, Capability.UPLOAD):
        links["add_url"] = reverse("admin:sensing_edit_add", query={"datastream": stream.pk})
    return links
