"""Requests for data for programs: asked, decided, disputed, recalled, and looked at before."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.catalogue.data import Purpose, Refusal
from apps.catalogue.models import AccessRequest
from apps.catalogue.selectors.entries import dataset_named
from apps.catalogue.selectors.previews import request_preview
from apps.catalogue.selectors.requests import may_decide, requests_visible
from apps.catalogue.services.entries import approver_require
from apps.catalogue.services.granting import (
    dispute_decide,
    request_approve,
    request_provide,
    request_recall,
    request_withdraw,
)
from apps.catalogue.services.requests import (
    request_dispute,
    request_pause,
    request_refuse,
    request_resume,
    request_submit,
)
from apps.core.errors import ProblemError
from apps.core.serializers import BodySerializer
from apps.privacy.services.rest import PolicyViewSet, policy_serializer, request_viewer

LONGEST_ID = 100  # characters of a client id


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "minLength": 1, "maxLength": LONGEST_ID},
            {"type": "integer", "minimum": 1, "maximum": 2**31},
        ]
    }
)
class ClientField(serializers.Field[Any, Any, Any, Any]):
    """A program by the client id that the page for developers shows, or by its number."""

    default_error_messages: ClassVar[Any] = {
        "invalid": _("Give the client id of your program as the page for developers shows it, in quotes.")
    }

    def to_internal_value(self, data: Any) -> Any:
        """The id or the number as it came."""
        if isinstance(data, str) and 0 < len(data) <= LONGEST_ID:
            return data
        if type(data) is int and 0 < data <= 2**31:
            return data
        return self.fail("invalid")

    def to_representation(self, value: Any) -> Any:
        """As it is."""
        return value


class SharingWishSerializer(BodySerializer[Any]):
    """What a request needs."""

    dataset = serializers.CharField(max_length=100)
    fields_wanted = serializers.ListField(child=serializers.CharField(max_length=60), max_length=200)
    place = serializers.CharField(max_length=12, required=False, allow_blank=True)
    purpose = serializers.ChoiceField(Purpose.choices)
    purpose_text = serializers.CharField(max_length=1000)
    legal_basis = serializers.CharField(max_length=1000)
    until = serializers.DateField()
    client = ClientField(required=False)


class SharingReasonSerializer(BodySerializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=1000)


class SharingNoteSerializer(BodySerializer[Any]):
    """A remark that may be left out."""

    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class SharingRefusalSerializer(SharingReasonSerializer):
    """The reason code and the sentence."""

    refusal = serializers.ChoiceField(Refusal.choices)


class DisputeSerializer(SharingReasonSerializer):
    """Whether the applicant is right."""

    upheld = serializers.BooleanField()


RequestSerializer = policy_serializer(AccessRequest)


class RequestViewSet(PolicyViewSet):
    """Requests: one's own, and those that one decides."""

    programs = ()  # one's own affairs, not a program's
    queryset = AccessRequest.objects.all()
    serializer_class = RequestSerializer
    filterset_fields = ("state", "dataset", "client")

    def get_queryset(self) -> QuerySet[Any]:
        """The requests that concern the caller."""
        if getattr(self, "swagger_fake_view", False):
            return AccessRequest.objects.none()
        return requests_visible(request_viewer(self.request))

    @extend_schema(request=SharingWishSerializer, responses={201: RequestSerializer})
    def create(self, request: Request) -> Response:
        """Ask for data; the answer says by when the provider replies."""
        wish = SharingWishSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        values, viewer = dict(wish.validated_data), request_viewer(request)
        dataset = dataset_named(values.pop("dataset"), viewer=viewer)
        values["fields"] = values.pop("fields_wanted")
        try:
            row = request_submit(dataset, values=values, viewer=viewer)
        except ProblemError as error:
            error.field = "fields_wanted" if error.field == "fields" else error.field
            raise
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)

    def _done(self, request: Request, deed: Any, kind: type[BodySerializer[Any]] | None) -> Response:
        values = {}
        if kind is not None:
            wish = kind(data=request.data)
            wish.is_valid(raise_exception=True)
            values = wish.validated_data
        row = deed(self.get_object(), viewer=request_viewer(request), **values)
        return Response(self.get_serializer(row).data)

    @extend_schema(request=SharingNoteSerializer, responses=RequestSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Approve: access begins now and ends with the request."""
        return self._done(request, request_approve, SharingNoteSerializer)

    @extend_schema(request=SharingRefusalSerializer, responses=RequestSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        """Refuse with code and reason."""
        return self._done(request, request_refuse, SharingRefusalSerializer)

    @extend_schema(request=SharingReasonSerializer, responses=RequestSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str) -> Response:
        """Stop the clock."""
        return self._done(request, request_pause, SharingReasonSerializer)

    @extend_schema(request=None, responses=RequestSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """Let the clock run on."""
        return self._done(request, request_resume, None)

    @extend_schema(request=SharingReasonSerializer, responses=RequestSerializer)
    @action(detail=True, methods=["post"])
    def dispute(self, request: Request, pk: str) -> Response:
        """Take a refusal to the data bureau."""
        return self._done(request, request_dispute, SharingReasonSerializer)

    @extend_schema(request=DisputeSerializer, responses=RequestSerializer)
    @action(detail=True, methods=["post"])
    def judge(self, request: Request, pk: str) -> Response:
        """The data bureau decides a dispute."""
        return self._done(request, dispute_decide, DisputeSerializer)

    @extend_schema(request=None, responses=RequestSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take one's own request back."""
        return self._done(request, request_withdraw, None)

    @extend_schema(request=None, responses=RequestSerializer)
    @action(detail=True, methods=["post"])
    def provide(self, request: Request, pk: str) -> Response:
        """Say that a file has been handed over."""
        return self._done(request, request_provide, None)

    @extend_schema(request=SharingReasonSerializer, responses=RequestSerializer)
    @action(detail=True, methods=["post"])
    def recall(self, request: Request, pk: str) -> Response:
        """Cut the access now and tell the consumer."""
        return self._done(request, request_recall, SharingReasonSerializer)

    @extend_schema(responses={200: {"type": "object"}})
    @action(detail=True)
    def preview(self, request: Request, pk: str) -> Response:
        """Exactly what the applicant would see, for whoever decides."""
        row, viewer = self.get_object(), request_viewer(request)
        approver_require(viewer, allowed=may_decide(viewer, row))
        shown = request_preview(row, reader=viewer)
        columns = [
            {"name": part.name, "outcome": part.decision.outcome.value, "reason": part.decision.reason.value}
            for part in shown.columns
        ]
        return Response({"columns": columns, "rows": shown.rows, "count": shown.count})
