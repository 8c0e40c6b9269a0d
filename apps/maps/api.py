"""Layers and their features for programs and for the live map."""

from __future__ import annotations

from typing import Any

import orjson
from django.contrib.gis.geos import Polygon
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.errors import ProblemError
from apps.maps.selectors import LayerView, feature_get, features_page, layer_view, layers_visible
from apps.maps.selectors.layers import layer_summary, property_titles
from apps.privacy.services.rest import request_viewer

GEOJSON = "application/geo+json"
DEFAULT_LIMIT, MOST = 100, 1000
EAST, NORTH = 180, 90  # degrees


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
        "tiles": serializers.CharField(),
        "bounds": serializers.ListField(child=serializers.FloatField(), allow_null=True),
        "count": serializers.IntegerField(),
        "live": serializers.DictField(allow_null=True),
    },
    many=True,
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
        "max_age": kind.max_age,
        "steps": steps,
    }


class LayersView(APIView):
    """The layers of the live map."""

    @extend_schema(operation_id="maps_layers", responses=LayerSerializer)
    def get(self, request: Request) -> Response:
        """Every layer that the caller may see."""
        return Response([layer_json(view) for view in layers_visible(request_viewer(request))])


class FeaturesView(APIView):
    """The features of one layer."""

    @extend_schema(
        operation_id="maps_features",
        parameters=[
            OpenApiParameter("bbox", str, description="west,south,east,north in degrees"),
            OpenApiParameter("limit", int),
            OpenApiParameter("cursor", int, description="From the link `next` of the page before."),
        ],
        responses={(200, GEOJSON): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, layer: str) -> HttpResponse:
        """A GeoJSON FeatureCollection, paged by key."""
        view = layer_view(layer, request_viewer(request))
        limit = number_parameter(request, "limit", DEFAULT_LIMIT, low=1, high=MOST)
        after = number_parameter(request, "cursor", 0, low=0, high=2**62)
        page = features_page(view, bbox=bbox_parameter(request), after=after, limit=limit)
        body: dict[str, Any] = {"type": "FeatureCollection", "features": page.features}
        if page.next_key is not None:
            query = request.query_params.copy()
            query["cursor"] = str(page.next_key)
            body["next"] = f"{request.path}?{query.urlencode()}"
        return HttpResponse(orjson.dumps(body, default=str), content_type=GEOJSON)


class FeatureView(APIView):
    """One feature."""

    @extend_schema(operation_id="maps_feature", responses={(200, GEOJSON): OpenApiTypes.OBJECT})
    def get(self, request: Request, layer: str, pk: int) -> HttpResponse:
        """A GeoJSON Feature with its fields, its datastreams, and what is masked and why."""
        feature = feature_get(layer_view(layer, request_viewer(request)), pk)
        return HttpResponse(orjson.dumps(feature, default=str), content_type=GEOJSON)


def number_parameter(request: Request, name: str, default: int, *, low: int, high: int) -> int:
    """A whole number from the query; 400 naming it when it is none or out of range."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if not text.isdigit() or not low <= int(text) <= high:
        raise ProblemError(
            _("Give a whole number from %(low)d to %(high)d.") % {"low": low, "high": high}, name
        )
    return int(text)


def bbox_parameter(request: Request) -> Polygon | None:
    """The box ``west,south,east,north`` of the query; 400 naming it when it is no box on earth."""
    text = request.query_params.get("bbox")
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise ProblemError(_("Give west,south,east,north in degrees."), "bbox") from None
    if not (-EAST <= west < east <= EAST and -NORTH <= south < north <= NORTH):
        raise ProblemError(
            _("Longitudes lie from -180 to 180, latitudes from -90 to 90, west and south first."), "bbox"
        )
    box = Polygon.from_bbox((west, south, east, north))
    box.srid = 4326
    return box


VIEWS = {
    "layers/": LayersView,
    "features/<str:layer>/": FeaturesView,
    "features/<str:layer>/<int:pk>/": FeatureView,
}
