"""The languages of the platform, and rows with a Chinese and an English name."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_language


def language_offered(code: str) -> str:
    """The language itself where the platform speaks it; "" for every other that Django or a row may know."""
    return code if code in dict(settings.LANGUAGES) else ""


class Bilingual:
    """For models with ``name_zh`` and ``name_en``: the name that the reader reads."""

    name_zh: str
    name_en: str

    @property
    def title(self) -> str:
        """The English name for readers of English where there is one, else the Chinese."""
        return (get_language() == "en" and self.name_en) or self.name_zh
