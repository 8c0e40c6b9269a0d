from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MapsConfig(AppConfig):
    """Vector tiles and GeoJSON features, under the policy kernel."""

    name = "apps.maps"
    verbose_name = _("Maps")
