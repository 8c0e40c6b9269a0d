from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The admin portal and the live map: pages that combine what is below."""

    name = "apps.portal"
    verbose_name = _("Portal")
