"""Layers and their features for programs and for the live map."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.numbers import number_read
from apps.core.parameters import ReadingView
from apps.maps.data import bbox_read, period_read
from apps.maps.selectors import (
    LayerView,
    Wanted,
    feature_get,
    features_page,
    layer_comparisons,
    layer_summary,
    layer_view,
    layers_visible,
)
from apps.maps.selectors.layers import property_titles
from apps.privacy.services.rest import request_viewer

GEOJSON = "application/geo+json"
DEFAULT_LIMIT, MOST = 100, 1000

LayerSerializer = inline_serializer(
    "Layer",
    {
        "id": serializers.CharField(),
        "domain": serializers.CharField(),
        "title": serializers.CharField(),
        "geometry": serializers.ChoiceField(("point", "line", "polygon")),
        "label": serializers.CharField(),
        "properties": serializers.ListField(child=serializers.DictField()),
        "colour": serializers.CharField(),
        "category": serializers.CharField(),
        "min_zoom": serializers.IntegerField(),
        "home": serializers.BooleanField(),
        "public": serializers.BooleanField(),
        "shown": serializers.BooleanField(),
        "hidden": serializers.ListField(child=serializers.CharField()),
        "tiles": serializers.CharField(),
        "bounds": serializers.ListField(child=serializers.FloatField(), allow_null=True),
        "count": serializers.IntegerField(),
        "live": serializers.DictField(allow_null=True),
    },
    many=True,
)


ComparisonsSerializer = inline_serializer(
    "Comparisons",
    {
        "hour": serializers.DateTimeField(),
        "values": serializers.DictField(
            child=serializers.ListField(child=serializers.FloatField(allow_null=True))
        ),
    },
)


def layer_json(view: LayerView) -> dict[str, Any]:
    """What a map needs to know about a layer."""
    layer = view.layer
    return {
        "id": view.id,
        "domain": view.domain.slug,
        "title": str(layer.title),
        "geometry": layer.geometry,
        "label": layer.label,
        "properties": property_titles(view),
        "colour": layer.colour,
        "category": layer.category,
        "min_zoom": layer.min_zoom,
        "home": layer.home,
        "public": layer.public,
        "shown": layer.shown,
        "hidden": [value for value in layer.hidden if layer.category in view.properties],
        "tiles": f"/tiles/{view.id}/{{z}}/{{x}}/{{y}}.mvt",
        **layer_summary(view),
        "live": _live_json(view),
    }


def _live_json(view: LayerView) -> dict[str, Any] | None:
    if not view.layer.live:
        return None
    kind = view.domain.kind(view.layer.live)
    steps = [
        {"start": step.start, "colour": step.colour, "label": str(step.label)} for step in view.layer.steps
    ]
    return {
        "kind": kind.key,
        "title": str(kind.title),
        "unit": kind.unit,
        "decimals": kind.decimals,
        "max_age": kind.max_age,
        "baseline": str(view.layer.baseline.title) if view.layer.baseline else "",
        "steps": steps,
    }


class LayersView(ReadingView):
    """The layers of the live map."""

    programs = SAFE_METHODS

    @extend_schema(operation_id="maps_layers", responses=LayerSerializer)
    def get(self, request: Request) -> Response:
        """Every layer that the caller may see."""
        return Response([layer_json(view) for view in layers_visible(request_viewer(request), on_map=True)])


class ComparisonsView(ReadingView):
    """What the live values of one layer are compared with."""

    programs = SAFE_METHODS

    @extend_schema(operation_id="maps_comparisons", responses=ComparisonsSerializer)
    def get(self, request: Request, layer: str) -> Response:
        """For each feature its baseline, such as free flow, and what is usual at this hour of such a day.

        The usual value is the median of the same hour of the workdays (or weekends) of the last four weeks. A
        number that is not known is null; a feature of which neither is known is absent.
        """
        now = timezone.now()
        found = layer_comparisons(layer_view(layer, request_viewer(request), on_map=True), at=now)
        hour = now.replace(minute=0, second=0, microsecond=0)
        known = {str(pk): pair for pk, pair in found.items() if pair != (None, None)}
        return Response({"hour": hour, "values": known})


class FeaturesView(ReadingView):
    """The features of one layer."""

    programs = SAFE_METHODS
    query_names = ("bbox", "time", "limit", "cursor")

    @extend_schema(
        operation_id="maps_features",
        parameters=[
            OpenApiParameter("bbox", str, description="west,south,east,north in degrees"),
            OpenApiParameter(
                "time", str, description="start/end (RFC 3339, .. is open) of the newest live reading"
            ),
            OpenApiParameter(
                "limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT}
            ),
            OpenApiParameter("cursor", int, description="From the link `next` of the page before."),
        ],
        responses={(200, GEOJSON): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, layer: str) -> HttpResponse:
        """A GeoJSON FeatureCollection, paged by key."""
        view = layer_view(layer, request_viewer(request), on_map=True)
        query = request.query_params
        limit = number_read(query.get("limit", str(DEFAULT_LIMIT)), name="limit", low=1, high=MOST)
        after = number_read(query.get("cursor", "0"), name="cursor", low=0, high=2**62)
        box = bbox_read(query.get("bbox", ""))
        wanted = Wanted((box,) if box else (), period_read(query.get("time", "")))
        page = features_page(view, wanted=wanted, after=after, limit=limit)
        body: dict[str, Any] = {"type": "FeatureCollection", "features": page.features}
        if page.next_key is not None:
            following = query.copy()
            following["cursor"] = str(page.next_key)
            body["next"] = f"{request.path}?{following.urlencode()}"
        return HttpResponse(orjson.dumps(body, default=str), content_type=GEOJSON)


class FeatureView(ReadingView):
    """One feature."""

    programs = SAFE_METHODS

    @extend_schema(operation_id="maps_feature", responses={(200, GEOJSON): OpenApiTypes.OBJECT})
    def get(self, request: Request, layer: str, pk: int) -> HttpResponse:
        """A GeoJSON Feature with its fields, its datastreams, and what is masked and why."""
        feature = feature_get(layer_view(layer, request_viewer(request), on_map=True), pk)
        return HttpResponse(orjson.dumps(feature, default=str), content_type=GEOJSON)


VIEWS = {
    "layers/": LayersView,
    "comparisons/<str:layer>/": ComparisonsView,
    "features/<str:layer>/": FeaturesView,
    "features/<str:layer>/<int:pk>/": FeatureView,
}
