"""The city's name and its help desk, from the settings: error pages show them when nothing else works."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def city_name() -> str:
    """The city's name in the reader's language; "" where the installation has none."""
    return _in_language(settings.CITY_NAME)


@register.simple_tag
def city_help() -> str:
    """Whom to ask for help, in the reader's language; "" where nobody is named."""
    return _in_language(settings.CITY_HELP)


def _in_language(texts: dict[str, str]) -> str:
    other = next(filter(None, texts.values()), "")
    return texts.get(get_language() or "") or other
