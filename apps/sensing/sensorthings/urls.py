"""Addresses below ``/sta/``."""

from __future__ import annotations

from django.urls import path

from apps.sensing.sensorthings.views import EntityView, LandingView

urlpatterns = [
    path("v1.1", LandingView.as_view()),
    path("v1.1/", LandingView.as_view(), name="sensorthings"),
    path("v1.1/<path:resource>", EntityView.as_view(), name="sensorthings-entity"),
]
