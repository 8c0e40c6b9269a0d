from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchedulingConfig(AppConfig):
    """Problems, solvers and plan versions."""

    name = "apps.scheduling"
    verbose_name = _("Planning")

    def ready(self) -> None:
        """Listen to queued plans."""
        import_module("apps.scheduling.receivers")
