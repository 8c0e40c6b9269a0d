from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    """Described datasets, requests with a purpose, expiring grants, programs with tokens, recall."""

    name = "apps.catalogue"
    verbose_name = _("Catalogue and sharing")

    def ready(self) -> None:
        """Listen to queued notices."""
        import_module("apps.catalogue.receivers")
