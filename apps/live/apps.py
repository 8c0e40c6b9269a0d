from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LiveConfig(AppConfig):
    """Websocket feeds: one hub a process, one frame a layer and policy class."""

    name = "apps.live"
    verbose_name = _("Live feeds")

    def ready(self) -> None:
        """Listen to jobs."""
        import_module("apps.live.receivers")
