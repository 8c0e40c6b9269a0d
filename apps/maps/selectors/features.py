"""Features as GeoJSON (RFC 7946), a page at a time by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.contrib.gis.geos import Polygon
from django.db.models import Field, Model, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.accounts.selectors import division_name
from apps.audit.services import seen
from apps.core.encryption import given_fields
from apps.core.errors import ProblemError
from apps.maps.selectors.layers import LayerView
from apps.maps.selectors.places import rows_within, shown_place
from apps.privacy.data import Decision
from apps.privacy.services import masked, row_fields
from apps.sensing.selectors import LatestReading, latest_of_things, streams_of_thing

DIGITS = 6  # a tenth of a metre
NOT_SHOWN = {"geometry", "thing", "id"}
DIVISION = "division"
Period = tuple[datetime | None, datetime | None]  # None is open


@dataclass(frozen=True, slots=True)
class Page:
    """One page of features as JSON, and the key to go on from (None at the end)."""

    features: list[dict[str, Any]]
    next_key: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which features: the place meets a box, the newest reading lies in the period, and properties."""

    boxes: tuple[Polygon, ...] = ()
    period: Period | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return not self.boxes and self.period is None and not self.values


def features_page(view: LayerView, *, wanted: Wanted, after: int, limit: int) -> Page:
    """The next ``limit`` wanted features after the key ``after``."""
    rows = rows_wanted(view, wanted).filter(pk__gt=after).order_by("pk")
    names = ("pk", *view.properties, *(("thing_id",) if view.layer.live else ()))
    found = list(
        rows.annotate(shape=AsGeoJSON(shown_place(view), precision=DIGITS)).values("shape", *names)[
            : limit + 1
        ]
    )
    things = [row["thing_id"] for row in found if row.get("thing_id")] if view.shows_live else []
    latest = latest_of_things(thing_ids=things, kind=view.layer.live)
    seen(view.model._meta.label, [row["pk"] for row in found[:limit]], view.properties)
    features = [_feature(view, row, latest.get(row.get("thing_id") or 0)) for row in found[:limit]]
    return Page(features, found[limit - 1]["pk"] if len(found) > limit else None)


def rows_wanted(view: LayerView, wanted: Wanted) -> QuerySet[Any]:
    """The rows that are wanted and that the viewer may know of."""
    rows = rows_within(view, wanted.boxes) if wanted.boxes else view.rows
    rows = rows.filter(**wanted.values)
    if wanted.period is None:
        return rows
    if not view.layer.live or not view.shows_live:
        raise ProblemError(_("This layer has no live values, so it has no time to filter by."), "time")
    streams = "thing__datastreams"
    begin, end = wanted.period
    conditions = {
        f"{streams}__latest__phenomenon_time__gte": begin,
        f"{streams}__latest__phenomenon_time__lte": end,
    }
    return rows.filter(**{f"{streams}__kind": view.layer.live}, **{k: v for k, v in conditions.items() if v})


def _feature(view: LayerView, row: dict[str, Any], latest: LatestReading | None) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": row["pk"],
        "geometry": orjson.Fragment(row["shape"]),
        "properties": {name: row[name] for name in view.properties},
        "live": None if latest is None else latest.as_json(),
    }


def feature_get(view: LayerView, pk: int) -> dict[str, Any]:
    """One feature: each field of which something is shown, what is masked and why, and its datastreams."""
    row = get_object_or_404(view.rows, pk=pk)
    decisions = row_fields(view.viewer, row)
    fields = [one for one in given_fields(view.model) if one.name not in NOT_SHOWN]
    shown = [one for one in fields if decisions[one.name].is_shown]
    thing_id = getattr(row, "thing_id", None)
    seen(view.model._meta.label, (row.pk,), [one.name for one in shown])
    for one in shown:  # the names of related rows are shown too
        key = getattr(row, one.attname)
        if one.related_model and key is not None and decisions[one.name].is_clear:
            seen(one.related_model._meta.label, (key,))
    return {
        "type": "Feature",
        "id": row.pk,
        "geometry": orjson.Fragment(masked(row.geometry, decisions["geometry"]).json),
        "properties": {one.name: _text(row, one, decisions[one.name]) for one in shown},
        "titles": {one.name: _title(one) for one in shown},
        "masked": {
            one.name: decisions[one.name].reason.value for one in shown if not decisions[one.name].is_clear
        },
        "datastreams": _streams(view, thing_id) if thing_id else [],
    }


def _streams(view: LayerView, thing_id: int) -> list[dict[str, Any]]:
    streams = [
        stream
        for stream in streams_of_thing(thing_id=thing_id)
        if view.viewer.sees_kind("sensing.LatestValue", stream["kind"])
    ]
    return streams if view.shows_readings else [{**stream, "latest": None} for stream in streams]


def _title(field: Field[Any, Any]) -> str:
    """What the field is called; a division is shown by its name, not by its code."""
    return capfirst(_("division")) if field.name == DIVISION else capfirst(str(field.verbose_name))


def _text(row: Model, field: Field[Any, Any], decision: Decision) -> Any:
    """The value as a person reads it: the words of a choice, the name of a division or of a related row."""
    value = getattr(row, field.name)
    if value and field.name == DIVISION and decision.is_clear:
        return division_name(value)
    if value is not None and decision.is_clear and (field.choices or field.is_relation):
        display = getattr(row, f"get_{field.name}_display", None)
        return str(display() if display else value)
    return masked(value, decision, row=row)
