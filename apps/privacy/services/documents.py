"""JSON of a row on a page: member by member, its name in words where the platform has given it."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from apps.core.quantities import NONE, duration, listed, moment_said, number, unit_symbol

SHOWN = 50  # members or items; a page is no place for more
DIGITS = 6
# What the platform itself writes into documents; members that a client has named stay as they are.
MEMBERS = {
    "unit": _("unit"),
    "low": _("lowest plausible value"),
    "high": _("highest plausible value"),
    "interval": _("a reading every"),
    "name": pgettext_lazy("of a thing", "name"),
    "symbol": _("symbol"),
    "definition": _("definition"),
}
WORDS = {"unit": unit_symbol, "interval": duration}


def document_shown(value: Any) -> SafeString:
    """A value of JSON as HTML: an object as a list of names and values, a list with commas or as a list."""
    if isinstance(value, dict):
        return _object(value)
    if isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        items = format_html_join("", "<li>{}</li>", ((document_shown(item),) for item in value[:SHOWN]))
        return format_html("<ul>{}{}</ul>", items, _left(len(value), "li"))
    if isinstance(value, list):
        more = [_more(len(value))] if len(value) > SHOWN else []
        return format_html("{}", listed([*map(_text, value[:SHOWN]), *more]) or NONE)
    return format_html("{}", _text(value))


def _object(value: dict[str, Any]) -> SafeString:
    if not value:
        return format_html("{}", NONE)
    lines = ((_name(name), _member(name, each)) for name, each in list(value.items())[:SHOWN])
    pairs = format_html_join("", "<dt>{}</dt><dd>{}</dd>", lines)
    return format_html('<dl class="document">{}{}</dl>', pairs, _left(len(value), "dd"))


def _name(name: str) -> str:
    return capfirst(str(MEMBERS[name])) if name in MEMBERS else name


def _member(name: str, value: Any) -> SafeString:
    words: Any = WORDS.get(name)
    fits = words is not None and isinstance(value, str if words is unit_symbol else int | float)
    return format_html("{}", words(value)) if fits and value != "" else document_shown(value)


def _left(count: int, tag: str) -> SafeString:
    return format_html("<{0}>{1}</{0}>", tag, _more(count)) if count > SHOWN else SafeString()


def _more(count: int) -> str:
    left = count - SHOWN
    return ngettext("and %(count)d more", "and %(count)d more", left) % {"count": left}


def _text(value: Any) -> str:
    if value is None or value == "":
        return NONE
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, int | float):
        return number(value, DIGITS)
    return moment_said(str(value))
