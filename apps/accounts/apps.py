from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who is this: users, departments, divisions, roles, API keys, sessions."""

    name = "apps.accounts"
    verbose_name = _("People and access")
