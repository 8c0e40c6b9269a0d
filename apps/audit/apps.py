from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from apps.core.health import part_register


class AuditConfig(AppConfig):
    """Append-only, hash-chained log of who did and saw what."""

    name = "apps.audit"
    verbose_name = _("Audit")

    def ready(self) -> None:
        """Listen to logins, and let ``/readyz`` ask whether entries wait too long."""
        import_module("apps.audit.receivers")
        part_register("access_log", import_module("apps.audit.services").log_state)
