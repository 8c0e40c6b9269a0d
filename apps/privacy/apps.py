from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    """One decision for every exit: grades, the policy kernel, masks."""

    name = "apps.privacy"
    verbose_name = _("Privacy")
