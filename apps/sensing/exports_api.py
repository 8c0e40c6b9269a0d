"""``GET /api/v1/sensing/export/``: observations of many datastreams as one file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from apps.accounts.data import Viewer
from apps.core.errors import ProblemError
from apps.core.numbers import whole_number
from apps.core.parameters import ReadingView, choice_check, domain_check, kind_check
from apps.privacy.services import visible_rows
from apps.privacy.services.rest import request_viewer
from apps.sensing.exports.plan import export_plan
from apps.sensing.exports.streaming import streamed
from apps.sensing.exports.writing import FORMATS
from apps.sensing.models import Datastream
from apps.sensing.periods import period_asked

MOST_NAMED = 1000


class OwnFormat(BaseContentNegotiation):
    """``format`` names the file, not a renderer; refusals are JSON."""

    def select_parser(self, _request: Request, parsers: Iterable[BaseParser]) -> BaseParser:
        """The first."""
        return next(iter(parsers))

    def select_renderer(
        self, _request: Request, renderers: Iterable[BaseRenderer], _suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The first."""
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)


class ExportView(ReadingView):
    """Readings as a file."""

    programs = SAFE_METHODS
    content_negotiation_class = OwnFormat
    query_names = ("datastream", "kind", "domain", "start", "end", "format")

    @extend_schema(
        operation_id="sensing_export",
        parameters=[
            OpenApiParameter("datastream", str, description="Ids, separated by commas."),
            OpenApiParameter("kind", str),
            OpenApiParameter("domain", str),
            OpenApiParameter("start", datetime, description="Default: a day before the end."),
            OpenApiParameter("end", datetime, description="Default: now."),
            OpenApiParameter("format", str, enum=list(FORMATS)),
        ],
        responses={(200, kind.partition(";")[0]): OpenApiTypes.BINARY for kind, _chunks in FORMATS.values()},
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        """The observations, stream by stream in time order; what the caller may not see is absent."""
        wanted = request.query_params
        kind = wanted.get("format", "csv")
        choice_check(kind, list(FORMATS), "format")
        start, end = period_asked(request, default=timedelta(days=1), now=timezone.now())
        viewer = request_viewer(request)
        plan = export_plan(viewer, streams_asked(viewer, wanted), start=start, end=end)
        media, chunks = FORMATS[kind]
        return streamed(request._request, chunks(plan), kind=media, name=f"{plan.name}.{kind}")


def streams_asked(viewer: Viewer, wanted: Any) -> QuerySet[Datastream]:
    """The visible datastreams that the parameters name; 400 where they name none."""
    streams = visible_rows(viewer, Datastream.objects.all())
    named = [text.strip() for text in wanted.get("datastream", "").split(",") if text.strip()]
    if not named and not wanted.get("kind") and not wanted.get("domain"):
        raise ProblemError(_("Name datastreams, a kind or a domain."), "datastream", code="missing")
    numbers = {number for text in named if (number := whole_number(text)) is not None}
    if len(named) > MOST_NAMED or len(numbers) < len(set(named)):
        raise ProblemError(_("Give up to 1000 ids of datastreams, separated by commas."), "datastream")
    if named:
        streams = streams.filter(pk__in=numbers)
        if streams.count() < len(numbers):
            detail = _("One of these datastreams does not exist, or you may not see it.")
            raise ProblemError(detail, "datastream", 404, "unknown")
    if "kind" in wanted:
        kind_check(wanted["kind"])
        streams = streams.filter(kind=wanted["kind"])
    if "domain" in wanted:
        domain_check(wanted["domain"])
        streams = streams.filter(thing__domain=wanted["domain"])
    return streams


VIEWS = {"export/": ExportView}
