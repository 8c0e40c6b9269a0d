"""What the palette finds: objects of the map's layers and datastreams, by fields that are clear."""

from __future__ import annotations

import operator
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.apps import apps
from django.db.models import Model, Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from apps.accounts.data import Viewer
from apps.audit.services import seen
from apps.core.declarations import MapLayer
from apps.core.domains import layers_by_id
from apps.portal.selectors.rows import visible
from apps.portal.selectors.streams import streams_visible
from apps.privacy.services import can_see, visible_fields

MOST = 8  # of one kind
LONGEST, MOST_WORDS = 80, 6
# Fields by which people call an object, beside the layer's own label.
CALLED = ("code", "number", "name", "name_en")


@dataclass(frozen=True, slots=True)
class Thing:
    """One object that was found: how it is called, what it is, and where it is shown."""

    title: str
    kind: str
    link: str
    is_on_map: bool


def words_of(term: str) -> list[str]:
    """The words of a search, every one of which must be found; full-width letters count as plain ones."""
    return unicodedata.normalize("NFKC", term)[:LONGEST].split()[:MOST_WORDS]


def matching(words: Sequence[str], fields: Sequence[str]) -> Q:
    """Rows in which each word stands in one of the fields."""
    found = [reduce(operator.or_, (Q(**{f"{field}__icontains": word}) for field in fields)) for word in words]
    return reduce(operator.and_, found)


def things_found(viewer: Viewer, words: Sequence[str]) -> Iterator[Thing]:
    """Objects of the viewer's layers, found only by fields that are clear on every such row."""
    for layer_id, (domain, layer) in layers_by_id().items():
        model = apps.get_model(layer.model)
        if not can_see(viewer, layer.model, domain=domain.slug):
            continue
        decisions = visible_fields(viewer, model)
        fields = [name for name in dict.fromkeys((layer.label, *CALLED)) if name in decisions]
        clear = [name for name in fields if decisions[name].is_clear]
        if layer.label not in clear:
            continue
        rows = list(visible(viewer, layer.model).filter(matching(words, clear)).order_by(layer.label)[:MOST])
        seen(layer.model, [row.pk for row in rows], clear)
        yield from (_thing(layer_id, layer, row, clear) for row in rows)


def _thing(layer_id: str, layer: MapLayer, row: Model, clear: Sequence[str]) -> Thing:
    is_english = (get_language() or "").startswith("en") and "name_en" in clear
    name = (getattr(row, "name_en", "") if is_english else "") or getattr(row, layer.label)
    code = next((getattr(row, key) for key in ("code", "number") if key in clear and hasattr(row, key)), "")
    title = f"{name} ({code})" if code and code != name else str(name)
    page = _page(row) if getattr(row, "PERSONAL", False) else ""
    return Thing(title, str(layer.title), page or f"/map/#select={layer_id}/{row.pk}", is_on_map=not page)


def _page(row: Any) -> str:
    """The page of a record of people's business; the map shows only where it is."""
    try:
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        return ""


def streams_found(viewer: Viewer, words: Sequence[str]) -> list[Any]:
    """Datastreams by key or by the name of their thing."""
    return list(streams_visible(viewer).filter(matching(words, ("key", "thing__name")))[:MOST])
