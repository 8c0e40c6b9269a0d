from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalyticsConfig(AppConfig):
    """Statistics over the lake, on one machine or on a cluster."""

    name = "apps.analytics"
    verbose_name = _("Analytics")
