"""The addresses of SensorThings: one view for every path, because paths are as deep as the caller likes.

Kept out of the OpenAPI document: paths of OData have no fixed form, so the document would either lie or
drown; the landing page and 18-088 describe them.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.urls import reverse
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from apps.privacy.services.rest import request_viewer
from apps.sensing.sensorthings.access import KeyForEither
from apps.sensing.sensorthings.addresses import place_of
from apps.sensing.sensorthings.answering import read_answer
from apps.sensing.sensorthings.landing import landing
from apps.sensing.sensorthings.limits import reading_within_limits
from apps.sensing.sensorthings.options import options_read
from apps.sensing.sensorthings.reading import Ask
from apps.sensing.sensorthings.sight import Sight

NO_CONTENT = 204


class StaView(APIView):
    """What all addresses have in common: keys, problems with a ``message``, links from the request's host."""

    schema = None
    authentication_classes = (KeyForEither, SessionAuthentication)

    def get_throttles(self) -> list[BaseThrottle]:
        """As everywhere, but devices write as fast as they measure."""
        by_key = "Authorization" in self.request.headers
        return [] if by_key and self.request.method not in SAFE_METHODS else super().get_throttles()

    def handle_exception(self, exc: Exception) -> Response:
        """Problem+json with the sentence once more as ``message``, which SensorThings clients show."""
        response = super().handle_exception(exc)
        if isinstance(response.data, dict):
            response.data["message"] = response.data.get("detail", "")
        return response

    def ask(self, request: Request) -> Ask:
        """Who asks, and where links begin."""
        root = request.build_absolute_uri(reverse("sensorthings")).rstrip("/")
        return Ask(Sight(request_viewer(request)), root)


class LandingView(StaView):
    """The landing page."""

    def get(self, request: Request) -> HttpResponse:
        """Entity sets and conformance."""
        return json_response(landing(self.ask(request).root))


class EntityView(StaView):
    """Every entity, collection and property."""

    def get(self, request: Request, resource: str) -> HttpResponse:
        """What is at the path."""
        ask = self.ask(request)
        pairs = [(name, text) for name, texts in request.query_params.lists() for text in texts]
        options = options_read(pairs)
        link = f"{ask.root}/{quote(resource.strip('/'), safe='/()$')}"
        with reading_within_limits():
            body = read_answer(ask, place_of(ask.sight, resource), options, link=link)
        if isinstance(body, str):
            return HttpResponse(body, content_type="text/plain; charset=utf-8")
        return HttpResponse(status=NO_CONTENT) if body is None else json_response(body)


def json_response(body: Any, *, status: int = 200) -> HttpResponse:
    """A body as JSON."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, status=status, content_type="application/json")
