"""Addresses of the token service, below ``/oauth/``: code with PKCE, client credentials, nothing else."""

from __future__ import annotations

from django.urls import path

from apps.catalogue.oauth_views import ConsentView, GrantView, RevocationView, introspection, metadata

app_name = "oauth2_provider"
urlpatterns = [
    path("authorize/", ConsentView.as_view(), name="authorize"),
    path("token/", GrantView.as_view(), name="token"),
    path("revoke_token/", RevocationView.as_view(), name="revoke-token"),
    path("introspect/", introspection, name="introspect"),
    path("metadata/", metadata, name="metadata"),
]
