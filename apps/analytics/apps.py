from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalyticsConfig(AppConfig):
    """Statistics over the lake, on one machine or on a cluster."""

    name = "apps.analytics"
    verbose_name = _("Analytics")

    def ready(self) -> None:
        """Listen to queued analyses."""
        import_module("apps.analytics.receivers")
