"""REST: approvals for minors' data, and reveals of single fields."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.data import Capability
from apps.core.parameters import ReadingView
from apps.core.serializers import BodySerializer
from apps.privacy.models import MinorsRequest
from apps.privacy.services.asking import request_viewer
from apps.privacy.services.minors import (
    Wish,
    minors_request_decide,
    minors_request_end,
    minors_request_make,
    minors_request_withdraw,
)
from apps.privacy.services.rest import PolicyViewSet, policy_serializer
from apps.privacy.services.reveals import Wanted, reveal_open, reveal_value

MinorsRequestSerializer = policy_serializer(MinorsRequest)


class ApprovalWishSerializer(BodySerializer[Any]):
    """What somebody asks to see, for what, and until when."""

    object_type = serializers.CharField(max_length=60)
    purpose = serializers.CharField(max_length=40)
    reason = serializers.CharField(max_length=300)
    until = serializers.DateTimeField()
    fields_wanted = serializers.ListField(child=serializers.CharField(max_length=60), default=list)
    objects_only = serializers.ListField(
        child=serializers.CharField(max_length=64), default=list, max_length=100
    )


class DecisionSerializer(BodySerializer[Any]):
    """The decision on a request, and why."""

    approve = serializers.BooleanField()
    note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class MinorsRequestViewSet(PolicyViewSet):
    """Requests for minors' data: one's own, and those that one may decide."""

    programs = ()  # one's own affairs, not a program's
    queryset = MinorsRequest.objects.all()
    serializer_class = MinorsRequestSerializer
    filterset_fields = ("domain", "state", "object_type")
    keyset = ("-id",)

    def get_queryset(self) -> QuerySet[Any]:
        """The caller's own requests, and those of the domains in which he approves."""
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        viewer = request_viewer(self.request)
        approves = [slug for slug in viewer.domains if viewer.may(slug, Capability.APPROVE)]
        return rows.filter(Q(asked_by_id=viewer.user_id) | Q(domain__in=approves))

    @extend_schema(request=ApprovalWishSerializer, responses={201: MinorsRequestSerializer})
    def create(self, request: Request) -> Response:
        """Ask for an approval."""
        asked = ApprovalWishSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        values = dict(asked.validated_data)
        wish = Wish(fields=values.pop("fields_wanted"), **values)
        return self._answer(minors_request_make(request_viewer(request), wish), status.HTTP_201_CREATED)

    @extend_schema(request=DecisionSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Approve or refuse; the caller must have confirmed himself within five minutes."""
        asked = DecisionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        viewer = request_viewer(request)
        row = minors_request_decide(self.get_object(), viewer=viewer, **asked.validated_data)
        return self._answer(row)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """End an approval at once."""
        row = minors_request_end(self.get_object(), viewer=request_viewer(request))
        return self._answer(row)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take one's own request back while nobody has decided on it."""
        row = minors_request_withdraw(self.get_object(), viewer=request_viewer(request))
        return self._answer(row)

    def _answer(self, row: MinorsRequest, code: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer(row).data, status=code)


class WantedSerializer(BodySerializer[Any]):
    """One field of one row, the purpose and the ticket."""

    object_type = serializers.CharField(max_length=60)
    object_id = serializers.CharField(max_length=64)
    field = serializers.CharField(max_length=60)
    purpose = serializers.CharField(max_length=40)
    ticket = serializers.CharField(max_length=40)


class OpenedSerializer(BodySerializer[Any]):
    """A reveal that is open until a time."""

    code = serializers.CharField()
    until = serializers.DateTimeField()


class RevealedSerializer(OpenedSerializer):
    """The value of a reveal."""

    title = serializers.CharField()
    value = serializers.CharField(allow_null=True)


class RevealsView(ReadingView):
    """Open a reveal."""

    @extend_schema(
        request=WantedSerializer, responses={201: OpenedSerializer}, operation_id="privacy_reveals_open"
    )
    def post(self, request: Request) -> Response:
        """One masked field for five minutes; needs a portal session that was confirmed just now."""
        asked = WantedSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = Wanted(**asked.validated_data)
        row = reveal_open(request._request, wanted, viewer=request_viewer(request))
        return Response(OpenedSerializer(row).data, status=status.HTTP_201_CREATED)


class RevealView(ReadingView):
    """The value of an open reveal."""

    @extend_schema(responses=RevealedSerializer, operation_id="privacy_reveals_value")
    def get(self, request: Request, code: str) -> Response:
        """The value, never stored by browsers and proxies; 403 after five minutes."""
        row, title, value = reveal_value(code, viewer=request_viewer(request))
        body = {
            "code": row.code,
            "until": row.until,
            "title": title,
            "value": None if value is None else str(value),
        }
        return Response(RevealedSerializer(body).data, headers={"Cache-Control": "no-store"})


ROUTES = {"minors-requests": MinorsRequestViewSet}
VIEWS = {"reveals/": RevealsView, "reveals/<str:code>/": RevealView}
