from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SensingConfig(AppConfig):
    """Things, datastreams and observations; doors, quality, roll-ups."""

    name = "apps.sensing"
    verbose_name = _("Sensing")

    def ready(self) -> None:
        """Listen to confirmed uploads."""
        import_module("apps.sensing.receivers")
