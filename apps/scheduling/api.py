"""Plans for programs: make, follow, take, copy, publish, draw."""

from __future__ import annotations

from typing import Any, ClassVar

import orjson
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.data import Capability, Viewer
from apps.core.domains import problems_by_id
from apps.core.serializers import BodySerializer
from apps.privacy.services import visible_fields
from apps.privacy.services.rest import PolicyViewSet, policy_serializer, policy_viewset, request_viewer
from apps.scheduling.models import Plan, PlanRoute, PlanStop
from apps.scheduling.selectors import plan_get, plans_compare, routes_rows
from apps.scheduling.services import plan_copy, plan_create, plan_publish, plan_solve_again, plan_wish

PlanSerializer = policy_serializer(Plan)
LONGEST = 120  # characters of a text among the parameters
ROUTE_FIELDS = ("vehicle", "distance", "duration", "load")
STOP_FIELDS = ("sequence", "object_type", "object_id", "label", "arrival", "wait", "departure")


@extend_schema_field(
    {
        "oneOf": [
            {"type": "number"},
            {"type": "string", "maxLength": LONGEST},
            {"type": "array", "items": {"type": "string", "maxLength": LONGEST}},
        ]
    }
)
class ParameterField(serializers.Field[Any, Any, Any, Any]):
    """A number, a text or a list of texts; the declared parameter says which one fits."""

    default_error_messages: ClassVar[Any] = {
        "invalid": _("Give a number, a text, or a list of texts of at most %d characters.") % LONGEST
    }

    def to_internal_value(self, data: Any) -> Any:
        """The value as it came, if it is of such a kind."""
        texts = data if isinstance(data, list) else [data]
        is_number = isinstance(data, int | float) and not isinstance(data, bool)
        if is_number or all(isinstance(text, str) and len(text) <= LONGEST for text in texts):
            return data
        return self.fail("invalid")

    def to_representation(self, value: Any) -> Any:
        """As it is."""
        return value


class ProblemField(serializers.ChoiceField):
    """The id of a declared problem; the API document lists them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(sorted(problems_by_id()), **kwargs)


class PlanRequestSerializer(BodySerializer[Any]):
    """A problem and its parameters; what is left out takes its default."""

    problem = ProblemField()
    parameters = serializers.DictField(child=ParameterField(), required=False, default=dict)


class ChangesSerializer(BodySerializer[Any]):
    """Parameters that differ from the plan that is copied."""

    parameters = serializers.DictField(child=ParameterField(), required=False, default=dict)


class PlanViewSet(PolicyViewSet):
    """Plan versions."""

    key_needs = (
        Capability.PLAN,
        Capability.PUBLISH,
    )
    queryset = Plan.objects.select_related("job")
    serializer_class = PlanSerializer
    filterset_fields = ("domain", "problem", "state")
    keyset = ("-created_at", "-id")

    @extend_schema(request=PlanRequestSerializer, responses={201: PlanSerializer})
    def create(self, request: Request) -> Response:
        """Make a draft and queue it for solving."""
        asked = PlanRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        plan = plan_create(**asked.validated_data, viewer=request_viewer(request))
        return Response(self.get_serializer(plan).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def solve(self, request: Request, pk: str) -> Response:
        """Solve a draft again."""
        return self._answer(plan_solve_again(self.get_object(), viewer=request_viewer(request)))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Stop the search and keep nothing."""
        plan = self.get_object()
        plan_wish(plan, wish="cancel", viewer=request_viewer(request))
        return self._answer(plan_get(plan.pk))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: str) -> Response:
        """Stop the search and keep the best answer so far."""
        plan = self.get_object()
        plan_wish(plan, wish="take", viewer=request_viewer(request))
        return self._answer(plan_get(plan.pk))

    @extend_schema(request=ChangesSerializer, responses={201: PlanSerializer})
    @action(detail=True, methods=["post"])
    def copy(self, request: Request, pk: str) -> Response:
        """A what-if copy, solved with some parameters changed."""
        asked = ChangesSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        changes = asked.validated_data["parameters"]
        plan = plan_copy(self.get_object(), changes=changes, viewer=request_viewer(request))
        return Response(self.get_serializer(plan).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Put the plan in force."""
        return self._answer(plan_publish(self.get_object(), viewer=request_viewer(request)))

    @extend_schema(responses={(200, "application/geo+json"): OpenApiTypes.OBJECT}, filters=False)
    @action(detail=True, url_path="routes.geojson")
    def routes(self, request: Request, pk: str) -> HttpResponse:
        """The routes as GeoJSON lines with their stops."""
        viewer = request_viewer(request)
        routes, stops = _clear(viewer, PlanRoute), _clear(viewer, PlanStop)
        features = [_feature(row, routes=routes, stops=stops) for row in routes_rows(self.get_object())]
        body = orjson.dumps({"type": "FeatureCollection", "features": features})
        return HttpResponse(body, content_type="application/geo+json")

    @extend_schema(responses=OpenApiTypes.OBJECT, filters=False)
    @action(detail=True, url_path=r"compare/(?P<other>[0-9]{1,18})")
    def compare(self, request: Request, pk: str, other: str) -> Response:
        """The stops that differ between two versions."""
        viewer, second = request_viewer(request), get_object_or_404(self.get_queryset(), pk=other)
        stops, routes = _clear(viewer, PlanStop), _clear(viewer, PlanRoute)
        wanted = {"label"} & stops
        if "sequence" in stops and "vehicle" in routes:
            wanted |= {"first", "second"}
        changes = plans_compare(self.get_object(), second)
        return Response([{name: row[name] for name in row if name in wanted} for row in changes if wanted])

    def _answer(self, plan: Plan) -> Response:
        return Response(self.get_serializer(plan).data)


def _clear(viewer: Viewer, model: type[Model]) -> set[str]:
    """The fields of a model that the caller sees clear."""
    return {name for name, one in visible_fields(viewer, model).items() if one.is_clear}


def _feature(row: dict[str, Any], *, routes: set[str], stops: set[str]) -> dict[str, Any]:
    """One route with the fields of itself and of its stops that the caller sees clear."""
    listed = [
        {name: getattr(stop, name) for name in STOP_FIELDS if name in stops} for stop in row["stops"] if stops
    ]
    properties = {name: row[name] for name in ROUTE_FIELDS if name in routes}
    return {
        "type": "Feature",
        "id": row["pk"],
        "geometry": orjson.Fragment(row["line"]) if "geometry" in routes else None,
        "properties": {**properties, "stops": listed},
    }


ROUTES = {
    "plans": PlanViewSet,
    "routes": policy_viewset(PlanRoute, filters=["plan"]),
    "stops": policy_viewset(PlanStop, filters=["route"]),
}
