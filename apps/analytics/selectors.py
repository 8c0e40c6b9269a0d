"""What an answer needs from the database: the analysis itself, places of streams, areas."""

from __future__ import annotations

from collections.abc import Sequence

from django.apps import apps

from apps.analytics.models import Analysis
from apps.core.domains import layers_by_id
from apps.sensing.selectors import streams_by_thing


def analysis_get(analysis_id: int) -> Analysis:
    """One analysis with its job."""
    return Analysis.objects.select_related("job").get(pk=analysis_id)


def areas_of(layer_id: str) -> list[tuple[int, str]]:
    """Key and WKT of every polygon of a layer, in EPSG:4326."""
    model = apps.get_model(layers_by_id()[layer_id][1].model)
    return [(row.pk, row.geometry.wkt) for row in model._default_manager.order_by("pk")]


def places_of(streams: Sequence[int]) -> dict[int, tuple[float, float]]:
    """Longitude and latitude of each stream whose thing lies on a map layer: the centre of its shape."""
    by_thing = streams_by_thing(streams)
    places: dict[int, tuple[float, float]] = {}
    for model in {layer.model for _domain, layer in layers_by_id().values() if layer.live}:
        rows = apps.get_model(model)._default_manager.filter(thing_id__in=by_thing)
        for row in rows:
            centre = row.geometry.centroid
            places |= dict.fromkeys(by_thing[row.thing_id], (centre.x, centre.y))
    return places
