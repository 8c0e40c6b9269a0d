from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArchiveConfig(AppConfig):
    """Retention, Parquet lake, backup and restore drill."""

    name = "apps.archive"
    verbose_name = _("Archive")
