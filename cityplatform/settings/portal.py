"""The admin theme; the portal app fills the callbacks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

UNFOLD = {
    "SITE_TITLE": _("CityPlatform"),
    "SITE_HEADER": _("CityPlatform"),
    "SITE_URL": "/map/",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "DASHBOARD_CALLBACK": "apps.portal.views.home.home_context",
    "SIDEBAR": {"show_search": True, "navigation": "apps.portal.views.navigation.navigation"},
    "SHOW_LANGUAGES": True,
}
