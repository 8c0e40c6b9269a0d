from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MapsConfig(AppConfig):
    """Vector tiles and GeoJSON features, under the policy kernel."""

    name = "apps.maps"
    verbose_name = _("Maps")

    def ready(self) -> None:
        """Follow changed rows and new tables."""
        import_module("apps.maps.receivers")
