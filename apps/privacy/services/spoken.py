"""Columns of codes in the words of the reader: units, lengths of time, domains, kinds of reading.

A declaration keeps the code, an answer of the API gives it; a page says what it means.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from django.contrib.admin import display
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, JSONField, Model
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazystr
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.selectors import division_name
from apps.core.divisions import EVERYWHERE
from apps.core.domains import all_domains, domain_get
from apps.core.quantities import duration, unit_symbol
from apps.privacy.services.documents import document_shown

PREFIX = "spoken_"
SECONDS, BYTES = "(s)", "(bytes)"  # how the name of a field of seconds or bytes ends
BRACKETS = re.compile(r"\s*[（(][^()（）]*[)）]$")


def domain_title(slug: str) -> str:
    """How people call a domain; the slug itself of one that is gone."""
    return {domain.slug: str(domain.title) for domain in all_domains()}.get(slug, slug)


def kind_title(domain: str, kind: str) -> str:
    """How people call a kind of reading; its key where the domain does not declare it."""
    try:
        return str(domain_get(domain).kind(kind).title)
    except KeyError:
        return kind.replace("_", " ")


@cache
def spoken_column(model: type[Model], name: str) -> Callable[[Model], Any] | None:
    """A display function that says the code in a field; None for a field that holds words already."""
    try:
        field: Any = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    words = _words(model, field)
    if words is None:
        return None

    @display(description=_title(field, words), ordering=name)
    def column(instance: Model) -> Any:
        value = getattr(instance, name)
        return value if value is None or value == "" else words(instance, value)

    column.__name__ = f"{PREFIX}{name}"
    return column


def is_spoken(column: Any) -> bool:
    """Whether a column of a list is one of these."""
    return callable(column) and getattr(column, "__name__", "").startswith(PREFIX)


def _words(model: type[Model], field: Field[Any, Any]) -> Callable[[Any, Any], str] | None:
    names = {other.name for other in model._meta.concrete_fields}
    if field.is_relation or field.choices:
        return None
    if field.name == "kind" and names & {"domain", "thing"}:
        return _kind
    measured = " ".join(map(str, getattr(field.verbose_name, "_args", ())))
    for ending, words in ((SECONDS, _seconds), (BYTES, _bytes)):
        if measured.endswith(ending):
            return words
    if isinstance(field, JSONField):
        return _document
    return {"domain": _domain, "unit": _unit, "division": _division}.get(field.name)


def _title(field: Field[Any, Any], words: Callable[[Any, Any], str]) -> Any:
    """The name of a column: the value says its unit itself, and a name is no code."""
    if words is _division:
        return capfirst(gettext_lazy("division"))
    return lazystr(_Titled(field)) if words in {_seconds, _bytes} else capfirst(field.verbose_name)


class _Titled:
    """The title in the language of whoever reads it."""

    def __init__(self, field: Field[Any, Any]) -> None:
        self.field = field

    def __str__(self) -> str:
        return capfirst(BRACKETS.sub("", str(self.field.verbose_name)))


def _kind(row: Any, value: str) -> str:
    return kind_title(row.domain if hasattr(row, "domain") else row.thing.domain, value)


def _seconds(_row: Any, value: float) -> str:
    return duration(value)


def _bytes(_row: Any, value: int) -> str:
    return filesizeformat(value)


def _domain(_row: Any, value: str) -> str:
    return domain_title(value)


def _unit(_row: Any, value: str) -> str:
    return unit_symbol(value)


def _division(_row: Any, value: str) -> str:
    return str(_("the whole city")) if value == EVERYWHERE else division_name(value)


def _document(_row: Any, value: Any) -> SafeString:
    return document_shown(value)
