from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """The bottom layer: domain registry, jobs, errors, paging, units, logs."""

    name = "apps.core"
    verbose_name = _("Platform")
