from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    """One decision for every exit: grades, the policy kernel, masks, keys, row security."""

    name = "apps.privacy"
    verbose_name = _("Privacy")

    def ready(self) -> None:
        """Watch over the keys."""
        import_module("apps.privacy.receivers")
