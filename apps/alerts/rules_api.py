"""What a program may say of a rule."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.data import Capability
from apps.alerts.models import AlertRule
from apps.alerts.services import rule_change, rule_create, rule_trial
from apps.core.errors import ProblemError
from apps.core.geometry import geojson_read
from apps.core.serializers import BodyModelSerializer, BodySerializer
from apps.privacy.services import visible_rows
from apps.privacy.services.rest import PolicyViewSet, policy_serializer, request_viewer

WORLD = (-180.0, -90.0, 180.0, 90.0)
RuleSerializer = policy_serializer(AlertRule)


@extend_schema_field({"type": "object", "nullable": True, "description": "GeoJSON polygon (RFC 7946)."})
class FenceField(serializers.Field[GEOSGeometry, Any, Any, Any]):
    """A polygon in longitude and latitude."""

    default_error_messages = {
        "fence": gettext_lazy("Give a valid GeoJSON polygon in longitude and latitude.")
    }

    def to_internal_value(self, data: Any) -> GEOSGeometry:
        """The polygon; refused when it is none, crosses itself or leaves the world."""
        try:
            shape = geojson_read(data)
        except ValueError:
            self.fail("fence")
        if not isinstance(shape, Polygon) or not shape.valid or not _is_on_earth(shape):
            self.fail("fence")
        return shape

    def to_representation(self, value: GEOSGeometry) -> Any:
        """The GeoJSON polygon."""
        return json.loads(value.json)


def _is_on_earth(shape: Polygon) -> bool:
    west, south, east, north = shape.extent
    return west >= WORLD[0] and south >= WORLD[1] and east <= WORLD[2] and north <= WORLD[3]


class RuleWishSerializer(BodyModelSerializer[AlertRule]):
    """The fields of a rule; recipients are users, roles and webhooks by id."""

    fence = FenceField(required=False, allow_null=True)

    class Meta:
        model = AlertRule
        exclude = ["changed_by", "changed_at"]
        validators: list[Any] = []  # the service refuses a second rule of a name
        extra_kwargs = {name: {"required": False} for name in ("users", "roles", "webhooks")}


class TrialSerializer(BodySerializer[Any]):
    """How many alarms there would have been, on how many datastreams, of how many looked at and covered."""

    alarms = serializers.IntegerField()
    troubled = serializers.IntegerField()
    streams = serializers.IntegerField()
    covered = serializers.IntegerField()
    days = serializers.IntegerField()


class RuleViewSet(PolicyViewSet):
    """Rules that watch readings."""

    key_needs = (Capability.HANDLE,)
    queryset = AlertRule.objects.all()
    serializer_class = RuleSerializer
    filterset_fields = ("domain", "condition", "kind", "priority", "active")

    @extend_schema(request=RuleWishSerializer, responses={201: RuleSerializer})
    def create(self, request: Request) -> Response:
        """A new rule."""
        asked = RuleWishSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = rule_create(self._seen(asked.validated_data), viewer=request_viewer(request))
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=RuleWishSerializer, responses=RuleSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change some fields; ``active: false`` switches the rule off."""
        rule = self.get_object()
        asked = RuleWishSerializer(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        changed = rule_change(rule, self._seen(asked.validated_data), viewer=request_viewer(request))
        return Response(self.get_serializer(changed).data)

    @extend_schema(responses=TrialSerializer, filters=False)
    @action(detail=True)
    def trial(self, request: Request, pk: str) -> Response:
        """What the rule would have done in the last seven days."""
        return Response(TrialSerializer(rule_trial(self.get_object(), viewer=request_viewer(request))).data)

    def _seen(self, values: dict[str, Any]) -> dict[str, Any]:
        """The wish, refused when it names rows that the caller may not know of."""
        viewer = request_viewer(self.request)
        named = [("datastream", row) for row in filter(None, [values.get("datastream")])]
        named += [("webhooks", row) for row in values.get("webhooks", ())]
        for name, row in named:
            if not visible_rows(viewer, type(row)._default_manager.filter(pk=row.pk)).exists():
                detail = _("There is no such row, or you may not see it.")
                raise ProblemError(detail, name, code="unknown")
        return values
