"""The admin theme; the portal app fills the callbacks."""

from __future__ import annotations

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from cityplatform.settings import env

# By language; the name stands beside the product's on every page, the help on the login and error pages.
CITY_NAME = {
    "zh-hans": env.text("CITY_NAME", "", "Name of the city in Chinese, on every page; empty: none."),
    "en": env.text("CITY_NAME_EN", "", "Name of the city in English; empty: none."),
}
CITY_HELP = {
    "zh-hans": env.text("CITY_HELP", "", "Whom people ask for help, in Chinese: a desk, its telephone."),
    "en": env.text("CITY_HELP_EN", "", "The same in English."),
}

UNFOLD = {
    "SITE_TITLE": _("CityPlatform"),
    "SITE_HEADER": _("CityPlatform"),
    "SITE_URL": None,
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "DASHBOARD_CALLBACK": "apps.portal.views.home.home_context",
    "ACCOUNT": {
        "navigation": [
            {"title": _("Change password"), "link": reverse_lazy("admin:password_change")},
            {"title": _("My data trail"), "link": reverse_lazy("admin:my_trail")},
            {"title": _("Second factor"), "link": reverse_lazy("admin:second_factor")},
        ]
    },
    "SIDEBAR": {
        "show_search": True,
        "command_search": True,
        "navigation": "apps.portal.views.navigation.navigation",
    },
}
