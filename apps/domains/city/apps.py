from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CityConfig(AppConfig):
    """Roads, air, hotline requests and inspection sites of the city."""

    name = "apps.domains.city"
    label = "city"
    verbose_name = _("City")
