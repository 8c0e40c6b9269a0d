"""The API document as a page, and the first steps of a program."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotAuthenticated
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request

from apps.core.parameters import choice_check
from apps.portal.words_start import start_words

FORMATS = ("json", "yaml")


class NamedFormat(DefaultContentNegotiation):
    """YAML or JSON by ``?format=``, else by the header ``Accept``."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        """The writer and its media type; ProblemError 400 for a format that there is not."""
        wanted = request.query_params.get("format")
        if wanted is None:
            return super().select_renderer(request, renderers, format_suffix)
        choice_check(wanted, FORMATS, "format")
        writer = next(one for one in renderers if one.format == wanted)
        return writer, writer.media_type


class SchemaView(SpectacularAPIView):
    """The API document."""

    content_negotiation_class = NamedFormat


class ApiDocsView(SpectacularSwaggerSplitView):
    """Swagger UI under ``script-src 'self'``, from our own files; a stranger is led to the login."""

    url_name = "schema"
    template_name = "portal/docs.html"

    def handle_exception(self, exc: Exception) -> Any:
        """The login for whoever is nobody yet; other faults as everywhere."""
        if isinstance(exc, NotAuthenticated):
            return redirect_to_login(self.request.get_full_path(), reverse("admin:login"))
        return super().handle_exception(exc)


def start(request: HttpRequest) -> HttpResponse:
    """How a program begins: log in, key, first request, readings, live feed, errors. It holds no data."""
    base = request.build_absolute_uri("/").rstrip("/")
    socket = base.replace("http", "ws", 1)
    words = {"base": base, "socket": socket, "gateway": settings.GATEWAY_URL, **start_words()}
    return render(request, "portal/docs_start.html", words)
