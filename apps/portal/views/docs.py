"""The API document as a page: Swagger from our own files, its script in a file of its own (strict CSP)."""

from __future__ import annotations

from drf_spectacular.views import SpectacularSwaggerSplitView


class ApiDocsView(SpectacularSwaggerSplitView):
    """Swagger UI under ``script-src 'self'``."""

    url_name = "schema"
    template_name = "portal/docs.html"
