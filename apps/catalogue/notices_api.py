"""The feed of changes with its acknowledgements, and reported errors."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.data import Viewer
from apps.accounts.selectors import viewer_for
from apps.catalogue.data import TokenFacts
from apps.catalogue.models import Correction
from apps.catalogue.selectors.entries import dataset_named
from apps.catalogue.selectors.notices import notice_body, notices_visible
from apps.catalogue.services.corrections import correction_decide, correction_report
from apps.catalogue.services.notices import notice_acknowledge
from apps.core.parameters import ReadingView
from apps.core.serializers import BodySerializer
from apps.privacy.services.rest import PolicyViewSet, policy_serializer, request_viewer

MOST_NOTICES = 500
# A key belongs to no program that is told something.
NO_KEYS = gettext_lazy("Notices are for people and for programs with a token, not for keys.")
CorrectionSerializer = policy_serializer(Correction)


def consumer(request: Request) -> Viewer:
    """The person behind a request or a token: notices go to them, whatever the token is about."""
    return viewer_for(request.user) if isinstance(request.auth, TokenFacts) else request_viewer(request)


class NoticesView(ReadingView):
    """What consumers are told: corrections and recalls."""

    programs = SAFE_METHODS
    closed_to_keys = NO_KEYS
    token_needs_scope = False  # a recall is told to a program whose last scope it ended

    @extend_schema(responses={200: {"type": "object"}})
    def get(self, request: Request) -> Response:
        """The caller's notices, the newest first, with corrected values as he may see them now."""
        own = notices_visible(consumer(request)).filter(request__applicant=request.user.pk)
        if isinstance(request.auth, TokenFacts):
            own = own.filter(request__client=request.auth.client_id)
        return Response({"results": [notice_body(row) for row in own[:MOST_NOTICES]]})


class NoticeAcknowledgeView(ReadingView):
    """The consumer's word that a notice was read and acted on."""

    programs = ("POST",)
    closed_to_keys = NO_KEYS
    token_needs_scope = False

    @extend_schema(request=None, responses={200: {"type": "object"}})
    def post(self, request: Request, pk: int) -> Response:
        """Acknowledge one notice; a repeat changes nothing."""
        viewer = consumer(request)
        row = get_object_or_404(notices_visible(viewer), pk=min(pk, 2**62))
        return Response(notice_body(notice_acknowledge(row, viewer=viewer)))


class ReportSerializer(BodySerializer[Any]):
    """What is wrong where."""

    dataset = serializers.CharField(max_length=100)
    object_id = serializers.CharField(max_length=64)
    field = serializers.CharField(max_length=60)
    remark = serializers.CharField(max_length=1000)


class AnswerSerializer(BodySerializer[Any]):
    """The provider's answer."""

    accepted = serializers.BooleanField()
    answer = serializers.CharField(max_length=1000)


class CorrectionViewSet(PolicyViewSet):
    """Reported errors: one's own, and those of the domains that one looks after."""

    programs = ()  # one's own affairs, not a program's
    queryset = Correction.objects.all()
    serializer_class = CorrectionSerializer
    filterset_fields = ("state", "dataset")

    def get_queryset(self) -> QuerySet[Any]:
        """What concerns the caller."""
        viewer = request_viewer(self.request)
        return (
            super()
            .get_queryset()
            .filter(Q(reported_by=viewer.user_id) | Q(dataset__domain__in=viewer.domains))
        )

    @extend_schema(request=ReportSerializer, responses={201: CorrectionSerializer})
    def create(self, request: Request) -> Response:
        """Report an error in a record that one sees."""
        wish = ReportSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        values, viewer = dict(wish.validated_data), request_viewer(request)
        dataset = dataset_named(values.pop("dataset"), viewer=viewer)
        row = correction_report(dataset, viewer=viewer, **values)
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=AnswerSerializer, responses=CorrectionSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """The provider's answer; consumers hear of an accepted one."""
        wish = AnswerSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        row = correction_decide(self.get_object(), viewer=request_viewer(request), **wish.validated_data)
        return Response(self.get_serializer(row).data)
