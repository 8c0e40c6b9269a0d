"""The catalogue for programs: entries, requests and their decisions, changes, corrections, the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.catalogue.data import DatasetState
from apps.catalogue.models import CalendarDay, Dataset
from apps.catalogue.notices_api import CorrectionViewSet, NoticeAcknowledgeView, NoticesView
from apps.catalogue.requests_api import RequestViewSet
from apps.catalogue.selectors.entries import datasets_listed, entries_shown, items_of
from apps.catalogue.services.dcat import catalogue_dcat
from apps.catalogue.services.entries import EDITABLE, dataset_step
from apps.catalogue.services.exchange import entries_import, entry_export, names_check
from apps.core.addresses import public_address
from apps.core.errors import ProblemError
from apps.core.numbers import number_read
from apps.core.parameters import ReadingView
from apps.core.serializers import BodySerializer
from apps.privacy.services.rest import PolicySerializer, PolicyViewSet, request_viewer


class DatasetSerializer(PolicySerializer):
    """An entry; each information item says how it is graded."""

    class Meta:
        model = Dataset
        fields = [*(field.name for field in Dataset._meta.concrete_fields), "masked"]
        read_only_fields = fields

    def to_representation(self, instance: Dataset) -> dict[str, Any]:
        """The entry with the kernel's grade beside each item."""
        row = super().to_representation(instance)
        if "items" in row:
            grades = {item.name: item.grade for item in items_of(instance)}
            row["items"] = [{**item, **_graded(grades.get(str(item.get("name"))))} for item in row["items"]]
        return row


def _graded(grade: Any) -> dict[str, str]:
    return {"grade": grade.grade.name, "category": grade.category.value} if grade else {}


class StepSerializer(BodySerializer[Any]):
    """Where an entry goes; suspending and withdrawing need a reason."""

    state = serializers.ChoiceField(DatasetState.choices)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class EntriesSerializer(BodySerializer[Any]):
    """Entries with every field of the guide, as an export gives them."""

    entries = serializers.ListField(child=serializers.DictField(), max_length=2000)


class DatasetViewSet(PolicyViewSet):
    """Entries: published ones for everybody, the others for those who look after them."""

    queryset = Dataset.objects.all()
    serializer_class = DatasetSerializer
    filterset_fields = ("domain", "kind", "sharing", "state", "code")

    def get_queryset(self) -> QuerySet[Any]:
        """The entries that the caller may read."""
        return super().get_queryset() & datasets_listed(request_viewer(self.request))

    @extend_schema(request=StepSerializer, responses=DatasetSerializer)
    @action(detail=True, methods=["post"])
    def step(self, request: Request, pk: str) -> Response:
        """Review, publish, suspend, withdraw, or take an entry back to draft."""
        wish = StepSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        state, reason = DatasetState(wish.validated_data["state"]), wish.validated_data["reason"]
        row = dataset_step(self.get_object(), state=state, viewer=request_viewer(request), reason=reason)
        return Response(self.get_serializer(row).data)

    @extend_schema(request={"application/json": {"type": "object"}}, responses=DatasetSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Complete an entry; what is left out stays as it is."""
        if not isinstance(request.data, Mapping):
            raise ProblemError(_("Send a JSON object with the fields to change."), "body", code="type")
        values = dict(request.data)
        names_check(values, EDITABLE)
        entries_import([{**values, "code": self.get_object().code}], viewer=request_viewer(request))
        return Response(self.get_serializer(self.get_object()).data)


class EntriesView(ReadingView):
    """All entries at once, out and in again."""

    programs = SAFE_METHODS

    @extend_schema(responses=EntriesSerializer)
    def get(self, request: Request) -> Response:
        """Every entry that the caller may read, with all of its fields."""
        rows = entries_shown(datasets_listed(request_viewer(request)))
        return Response({"entries": [entry_export(row) for row in rows]})

    @extend_schema(request=EntriesSerializer, responses={200: {"type": "object"}})
    def post(self, request: Request) -> Response:
        """Take the fields that people edit; all rows or none."""
        wish = EntriesSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        count = entries_import(wish.validated_data["entries"], viewer=request_viewer(request))
        return Response({"imported": count})


class LinkedRenderer(JSONRenderer):
    """JSON-LD."""

    media_type = "application/ld+json"
    format = "jsonld"


class DcatView(ReadingView):
    """The published catalogue as DCAT 3."""

    programs = SAFE_METHODS
    renderer_classes = [LinkedRenderer]

    @extend_schema(responses={(200, "application/ld+json"): {"type": "object"}})
    def get(self, request: Request) -> Response:
        """A ``dcat:Catalog``."""
        rows = datasets_listed(request_viewer(request)).filter(state=DatasetState.PUBLISHED)
        return Response(catalogue_dcat(entries_shown(rows), base=public_address(request)))


class CalendarView(ReadingView):
    """The working days of a year."""

    programs = SAFE_METHODS

    @extend_schema(responses={200: {"type": "object"}})
    def get(self, request: Request, year: int) -> Response:
        """Each day with whether it is worked; an empty list for a year that nobody has confirmed."""
        number_read(str(year), name="year", low=1, high=9999)
        rows = CalendarDay.objects.filter(day__year=year).values("day", "working", "note")
        return Response({"year": year, "days": list(rows)})


ROUTES = {"datasets": DatasetViewSet, "requests": RequestViewSet, "corrections": CorrectionViewSet}
VIEWS = {
    "entries/": EntriesView,
    "dcat.jsonld": DcatView,
    "calendar/<int:year>/": CalendarView,
    "changes/": NoticesView,
    "changes/<int:pk>/acknowledge/": NoticeAcknowledgeView,
}
