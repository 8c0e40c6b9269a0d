from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArchiveConfig(AppConfig):
    """Retention, Parquet lake, backup and restore drill."""

    name = "apps.archive"
    verbose_name = _("Archive")

    def ready(self) -> None:
        """Listen to what is asked for."""
        import_module("apps.archive.receivers")
