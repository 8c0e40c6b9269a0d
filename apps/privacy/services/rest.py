"""REST exits: serializers and view sets that ask the kernel."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.gis.db.models import (
    GeometryField,
    LineStringField,
    MultiPolygonField,
    PointField,
    PolygonField,
)
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import FileField, Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.fields import SkipField
from rest_framework.permissions import SAFE_METHODS
from rest_framework.relations import PKOnlyObject
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.data import Viewer
from apps.audit.services import seen
from apps.core.encryption import given_fields, indexed_fields, normalised
from apps.core.errors import ProblemError
from apps.core.numbers import whole_number
from apps.privacy.data import Decision, Outcome
from apps.privacy.services.asking import request_viewer
from apps.privacy.services.exits import RowPolicy, visible_fields, visible_rows, with_facts
from apps.privacy.services.masks import masked
from apps.privacy.services.searching import rows_exactly, searchable_fields
from apps.privacy.services.synthetic import ROWS, sees_synthetic, synthetic_row, synthetic_rows

__all__ = ["PolicySerializer", "PolicyViewSet", "policy_serializer", "policy_viewset", "request_viewer"]


@extend_schema_field({"type": "object", "description": "GeoJSON geometry (RFC 7946)."})
class GeometryJsonField(serializers.Field[GEOSGeometry, Any, Any, Any]):
    """A geometry as a GeoJSON object (RFC 7946, longitude first)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "read_only": True})

    def to_representation(self, value: GEOSGeometry) -> Any:
        """The GeoJSON geometry."""
        return json.loads(value.json)


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class MaskedReasons(serializers.Field[object, Any, dict[str, str], Any]):
    """Which fields of the row are not clear, and why; filled in by ``PolicySerializer``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "read_only": True, "source": "*"})

    def to_representation(self, value: object) -> dict[str, str]:
        """Empty until the decisions are known."""
        return {}


def _plain(value: Any) -> Any:
    return json.loads(value.json) if isinstance(value, GEOSGeometry) else value


class PolicySerializer(serializers.ModelSerializer[Any]):
    """A model serializer whose output holds only what the caller may see.

    Hidden fields are absent; masked ones carry their mask; ``masked`` says which and why.
    """

    masked = MaskedReasons()

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        GeometryField: GeometryJsonField,
        **dict.fromkeys((PointField, LineStringField, PolygonField, MultiPolygonField), GeometryJsonField),
    }

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The row as the caller may see it; what he may not see is not even read."""
        if getattr(instance, "is_synthetic", False):
            return {**super().to_representation(instance), "masked": {}}
        shape = self._shape(instance)
        row: dict[str, Any] = {}
        for name, field in shape.clear:
            try:
                value = field.get_attribute(instance)
            except SkipField:
                continue
            known = value.pk if isinstance(value, PKOnlyObject) else value
            row[name] = None if known is None else field.to_representation(value)
        for name, decision in shape.masked:
            row[name] = _plain(masked(getattr(instance, name), decision, row=instance))
        seen(type(instance)._meta.label, (instance.pk,), row)
        row["masked"] = shape.reasons
        return row

    def _shape(self, instance: Any) -> RowShape:
        """How this row is written; found once for each class of rows."""
        kept: dict[Any, Any] = self.__dict__.setdefault("policy_shapes", {})
        model = type(instance)
        if model not in kept:
            kept[model] = RowPolicy(request_viewer(self.context["request"]), model)
        decisions = kept[model].fields(instance)
        if id(decisions) not in kept:
            fields = open_fields(self.fields, kept[model].viewer, model)
            kept[id(decisions)] = row_shape(fields, decisions)
        shape: RowShape = kept[id(decisions)]
        return shape


@dataclass(frozen=True, slots=True)
class RowShape:
    """How rows of one class are written: the fields read as they are, the masked ones, and the reasons."""

    clear: tuple[tuple[str, Any], ...]
    masked: tuple[tuple[str, Decision], ...]
    reasons: dict[str, str]


def open_fields(fields: Mapping[str, Any], viewer: Viewer, model: type[Model]) -> dict[str, Any]:
    """The fields of a serializer without those that read a related row's field which is not clear."""
    related = {one.name: one.related_model for one in model._meta.concrete_fields if one.related_model}
    found = {}
    for name, field in fields.items():
        head, _dot, tail = (field.source or "").partition(".")
        decision = visible_fields(viewer, related[head]).get(tail) if head in related else None
        if decision is None or decision.is_clear:
            found[name] = field
    return found


def row_shape(fields: Mapping[str, Any], decisions: Mapping[str, Decision]) -> RowShape:
    """Sort the fields of a serializer; a field that is none of the model's is the serializer's own affair."""
    closed = {name: one for name, one in decisions.items() if name in fields and not one.is_clear}
    return RowShape(
        clear=tuple(
            (name, field)
            for name, field in fields.items()
            if name not in closed and name != "masked" and not field.write_only
        ),
        masked=tuple((name, one) for name, one in closed.items() if one.outcome is Outcome.MASKED),
        reasons={name: one.reason.value for name, one in closed.items()},
    )


def policy_serializer(model: type[Model], *, fields: Sequence[str] = ()) -> type[PolicySerializer]:
    """A read-only serializer of ``fields`` of ``model``; the same class each time.

    Where they are empty it has all but files: those have no address at which they could be fetched.
    """
    return _serializer(model, tuple(fields))


@cache
def _serializer(model: type[Model], fields: tuple[str, ...]) -> type[PolicySerializer]:
    names = list(fields) or [one.name for one in given_fields(model) if not isinstance(one, FileField)]
    meta = type("Meta", (), {"model": model, "fields": [*names, "masked"], "read_only_fields": names})
    return type(f"{model.__name__}Serializer", (PolicySerializer,), {"Meta": meta})


class PolicyViewSet(viewsets.ReadOnlyModelViewSet[Any]):
    """Lists and single rows of one model, limited to the rows that the caller may know of.

    Keys and tokens may read: the kernel narrows rows and fields for them. A list of a person's own affairs
    takes them out by ``programs = ()``.
    """

    programs: Sequence[str] = SAFE_METHODS

    def get_queryset(self) -> QuerySet[Any]:
        """Rows of the right domain and division."""
        queryset = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return queryset.none()
        return with_facts(visible_rows(request_viewer(self.request), queryset))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The rows; for a contractor the synthetic twin."""
        model = self._model()
        if not sees_synthetic(request_viewer(request), model):
            return super().list(request, *args, **kwargs)
        body = self.get_serializer(synthetic_rows(model), many=True).data
        return Response({"next": None, "previous": None, "results": body})

    def _model(self) -> Any:
        return super().get_queryset().model

    def get_object(self) -> Any:
        """One row; for a contractor one of the synthetic twin."""
        model, is_read = self._model(), self.request.method in SAFE_METHODS
        if not is_read or not sees_synthetic(request_viewer(self.request), model):
            return super().get_object()
        number = whole_number(self.kwargs.get("pk"), low=1, high=ROWS)
        if number is None:
            raise Http404
        return synthetic_row(model, number)


class ExactSearch(PolicyViewSet):
    """Rows found by an exact number, which travels in the body and so stands in no address and no log."""

    @extend_schema(
        request={"application/json": {"type": "object", "additionalProperties": {"type": "string"}}},
        responses=OpenApiTypes.OBJECT,
        filters=False,
    )
    @action(detail=False, methods=["post"], filter_backends=[])
    def find(self, request: Request) -> Response:
        """Rows whose encrypted number is exactly the given one.

        Spaces, dashes and the country code of a telephone number do not matter. 403 for a number that the
        caller does not see clear.
        """
        viewer, rows = request_viewer(request), self.get_queryset()
        name, text = number_given(request.data, sorted(indexed_fields(rows.model)))
        if name not in searchable_fields(viewer, rows.model):
            raise ProblemError(_("You may not search by this field: you do not see it clear."), name, 403)
        found = rows.filter(pk__in=rows_exactly(viewer, rows, text, names=[name]))
        return Response({"results": self.get_serializer(found, many=True).data})


def number_given(data: Any, known: Sequence[str]) -> tuple[str, str]:
    """The one field and number of a search; ProblemError 400 names the fields that there are."""
    given = [*data.items()] if isinstance(data, dict) else []
    if len(given) != 1 or given[0][0] not in known:
        raise ProblemError(_("Give one of: %(values)s.") % {"values": ", ".join(known)}, "body")
    name, text = given[0]
    if not isinstance(text, str):
        raise ProblemError(_("Give a text, in quotes."), name, code="type")
    if not normalised(text):
        raise ProblemError(_("Give the number to look for."), name, code="empty")
    return str(name), text


def policy_viewset(
    model: type[Model], *, fields: Sequence[str] = (), filters: Sequence[str] = ()
) -> type[PolicyViewSet]:
    """A read-only view set for ``model``; ``filters`` names the fields that callers may filter by."""
    attributes = {
        "queryset": model._default_manager.all(),
        "serializer_class": policy_serializer(model, fields=fields),
        "filterset_fields": list(filters),
        "__doc__": model.__doc__,
    }
    return type(f"{model.__name__}ViewSet", (viewset_base(model),), attributes)


def viewset_base(model: type[Model]) -> type[PolicyViewSet]:
    """What a view set of the model is built on: with exact search where it has an index."""
    return ExactSearch if indexed_fields(model) else PolicyViewSet
