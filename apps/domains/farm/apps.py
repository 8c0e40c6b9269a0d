from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FarmConfig(AppConfig):
    """Farms, fields, irrigation zones and crops."""

    name = "apps.domains.farm"
    label = "farm"
    verbose_name = _("Farm")
