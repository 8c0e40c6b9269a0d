from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchedulingConfig(AppConfig):
    """Problems, solvers and plan versions."""

    name = "apps.scheduling"
    verbose_name = _("Planning")
