from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who is this: users, departments, divisions, roles, API keys, sessions."""

    name = "apps.accounts"
    verbose_name = _("People and access")

    def ready(self) -> None:
        """Listen to logins."""
        import_module("apps.accounts.receivers")
