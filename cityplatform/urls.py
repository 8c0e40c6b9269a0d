"""Every address of the web process; apps and domains bring their API in their ``api`` module."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from apps.core.health import healthz, metrics, readyz
from apps.portal.views.docs import ApiDocsView, SchemaView, start
from cityplatform.routes import api_urls

handler400 = "apps.core.errors.bad_request"
handler500 = "apps.core.faults.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url="/portal/")),
    path("", include("apps.portal.urls")),
    path("tiles/", include("apps.maps.urls")),
    path("ogc/", include("apps.maps.ogc_urls")),
    path("sta/", include("apps.sensing.sensorthings.urls")),
    path("portal/", admin.site.urls),
    path("oauth/", include("apps.catalogue.oauth_urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/schema/", SchemaView.as_view(), name="schema"),
    path("api/docs/", ApiDocsView.as_view(), name="docs"),
    path("api/start/", start, name="docs_start"),
    path("api/v1/", include(api_urls())),
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
]
