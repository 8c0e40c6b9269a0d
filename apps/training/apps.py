from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    """Training runs, networks, model registry and forecasts."""

    name = "apps.training"
    verbose_name = _("Learning")

    def ready(self) -> None:
        """Listen to queued runs."""
        import_module("apps.training.receivers")
