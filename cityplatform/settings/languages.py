"""Chinese first, English equal; times stored in UTC and shown in the city's zone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cityplatform.settings import env
from cityplatform.settings.base import BASE_DIR

LANGUAGE_CODE = env.text("LANGUAGE_CODE", "zh-hans", "Language for people who have chosen none.")
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["cityplatform.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.text("TIME_ZONE", "Asia/Shanghai", "Time zone in which people see times.")
