"""Pages of GeoJSON written by the database itself: a thousand features in one value of one row."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, FilteredRelation, Q, QuerySet

from apps.audit.services import seen
from apps.maps.selectors.features import DIGITS, Wanted, rows_wanted
from apps.maps.selectors.layers import LayerView
from apps.maps.selectors.places import shown_place
from apps.maps.selectors.running import row_fetch

COUNT_SECONDS = 60
FEATURE_ID = re.compile(r'"type":"Feature","id":(\d+)')  # of the objects of a person, for the access log
LIVE = ("live_value", "live_time", "live_quality")
LATEST = dict(zip(LIVE, ("result", "phenomenon_time", "quality"), strict=True))
FEATURE = """'{{"type":"Feature","id":' || id || ',"geometry":' || coalesce(shape, 'null')
    || ',"properties":' || json_build_object({pairs})::text || '}}'"""
PAGE = """
    SELECT string_agg(feature, ',') FILTER (WHERE place <= {limit}), max(id) FILTER (WHERE place <= {limit}),
           count(*)
      FROM (SELECT {feature} AS feature, id, row_number() OVER () AS place FROM ({rows}) AS rows) AS page
"""
COUNT = "SELECT count(*) FROM ({rows}) AS rows"


@dataclass(frozen=True, slots=True)
class Written:
    """Features joined by commas, how many they are, and the key to go on from (None at the end)."""

    features: str
    count: int
    next_key: int | None


def features_written(
    view: LayerView, *, wanted: Wanted, after: int = 0, skip: int = 0, limit: int = 1
) -> Written:
    """The next ``limit`` wanted features after the key ``after``, leaving out the first ``skip`` of them."""
    rows = _live(view, rows_wanted(view, wanted)).filter(pk__gt=after).order_by("pk")
    shape = AsGeoJSON(shown_place(view), precision=DIGITS)
    names = property_names(view)
    chosen = rows.annotate(shape=shape).values("id", "shape", *names)[skip : skip + limit + 1]
    try:
        query, parameters = chosen.query.sql_with_params()
    except EmptyResultSet:  # a value that the column cannot have
        return Written("", 0, None)
    quoted = connection.ops.quote_name
    feature = FEATURE.format(pairs=", ".join(f"'{name}', {quoted(name)}" for name in names))
    page = PAGE.format(limit=limit, feature=feature, rows=query)
    features, last, found = row_fetch(page, parameters, name="limit")
    seen(view.model._meta.label, FEATURE_ID.findall(features or ""), names)
    return Written(features or "", min(found, limit), last if found > limit else None)


def property_names(view: LayerView) -> tuple[str, ...]:
    """The properties that the viewer gets: clear fields, and the newest reading of a live layer."""
    return (*view.properties, *(LIVE if shows_readings(view) else ()))


def shows_readings(view: LayerView) -> bool:
    """Whether the features carry readings, so that they have a time."""
    return bool(view.layer.live) and view.shows_live


def _live(view: LayerView, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows with their newest reading; a thing has at most one stream of a kind."""
    if not shows_readings(view):
        return rows
    streams = "thing__datastreams"
    stream = FilteredRelation(streams, condition=Q(**{f"{streams}__kind": view.layer.live}))
    readings = {name: F(f"stream_read__latest__{column}") for name, column in LATEST.items()}
    found: QuerySet[Any] = rows.annotate(stream_read=stream).annotate(**readings)
    return found


def features_count(view: LayerView, *, wanted: Wanted, asked: str) -> int:
    """How many features are wanted, remembered for a minute; ``asked`` is the question in words."""
    question = hashlib.blake2s(asked.encode(), digest_size=12).hexdigest()
    key = f"maps:count:{view.cache_key}:{question}"
    found: int | None = cache.get(key)
    if found is None:
        rows = rows_wanted(view, wanted).order_by().values("id")
        found = _count(rows)
        cache.set(key, found, COUNT_SECONDS)
    return found


def _count(rows: QuerySet[Any]) -> int:
    try:
        query, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return 0
    return int(row_fetch(COUNT.format(rows=query), parameters, name="resultType")[0])
