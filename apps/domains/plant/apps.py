from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlantConfig(AppConfig):
    """Plants, lines, machines, orders and inspections."""

    name = "apps.domains.plant"
    label = "plant"
    verbose_name = _("Plant")
