from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Append-only, hash-chained log of who did and saw what."""

    name = "apps.audit"
    verbose_name = _("Audit")

    def ready(self) -> None:
        """Listen to logins."""
        import_module("apps.audit.receivers")
