"""Django's admin app with our site in the place of the default one."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """Named in INSTALLED_APPS instead of ``django.contrib.admin``."""

    default_site = "apps.portal.site.PortalSite"
