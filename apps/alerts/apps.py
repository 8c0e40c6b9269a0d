from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlertsConfig(AppConfig):
    """Rules that watch readings, alarms, notifications."""

    name = "apps.alerts"
    verbose_name = _("Alerts")

    def ready(self) -> None:
        """Listen to queued notifications."""
        import_module("apps.alerts.receivers")
