from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PullsConfig(AppConfig):
    """Readings fetched from outside systems on a schedule."""

    name = "apps.pulls"
    verbose_name = _("Pulls")
