"""Cleaning rules for programs: draft, try on the last week, put in force, retire."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.data import Capability
from apps.core.errors import ProblemError
from apps.core.serializers import BodySerializer, DomainField
from apps.privacy.services import visible_rows
from apps.privacy.services.rest import PolicyViewSet, policy_serializer, request_viewer
from apps.sensing.models import CleaningRule, Datastream
from apps.sensing.models.flags import FLAGS_HELP
from apps.sensing.services.rules import RuleWish, rule_draft, rule_publish, rule_retire
from apps.sensing.services.trials import MOST_DAYS, rule_trial

CleaningRuleSerializer = policy_serializer(CleaningRule)
LARGEST = 2**63 - 1


class RuleDraftSerializer(BodySerializer[Any]):
    """A rule for one datastream, or for a kind of a domain.

    ``limits``: any of low, high, max_step, stuck_after, max_age, rate, spike, window, mend, clock, late,
    peers; null takes a limit away.
    """

    domain = DomainField(required=False, default="")
    kind = serializers.CharField(max_length=40, required=False, default="")
    datastream = serializers.IntegerField(min_value=1, max_value=LARGEST, required=False, allow_null=True)
    limits = serializers.DictField(child=serializers.JSONField(allow_null=True))


class TrialWishSerializer(BodySerializer[Any]):
    """How far to look back."""

    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, default=7)


class ExampleSerializer(BodySerializer[Any]):
    """A value that the rule flags and the rules in force do not; ``flags`` is the sum of the flags."""

    datastream = serializers.IntegerField()
    key = serializers.CharField()
    time = serializers.DateTimeField()
    result = serializers.FloatField(allow_null=True)
    flags = serializers.IntegerField(help_text=FLAGS_HELP)
    corrected = serializers.FloatField(allow_null=True)


class CleaningTrialSerializer(BodySerializer[Any]):
    """How many values would have been flagged, and how many are now; in all, and for each flag."""

    days = serializers.IntegerField()
    streams = serializers.IntegerField()
    covered = serializers.IntegerField()
    values = serializers.IntegerField()
    flagged = serializers.IntegerField()
    flagged_now = serializers.IntegerField()
    would = serializers.DictField(child=serializers.IntegerField())
    now = serializers.DictField(child=serializers.IntegerField())
    examples = ExampleSerializer(many=True)


class CleaningRuleViewSet(PolicyViewSet):
    """Cleaning rules, the newest first."""

    key_needs = (
        Capability.UPLOAD,
        Capability.HANDLE,
    )
    queryset = CleaningRule.objects.all()
    serializer_class = CleaningRuleSerializer
    filterset_fields = ("domain", "kind", "datastream", "state")
    keyset = ("-id",)

    @extend_schema(request=RuleDraftSerializer, responses={201: CleaningRuleSerializer})
    def create(self, request: Request) -> Response:
        """Draft a rule."""
        asked = RuleDraftSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        values, viewer = dict(asked.validated_data), request_viewer(request)
        if (wanted := values.pop("datastream", None)) is not None:
            streams = visible_rows(viewer, Datastream.objects.select_related("thing"))
            values["datastream"] = streams.filter(pk=wanted).first()
            if values["datastream"] is None:
                detail = _("There is no such datastream, or you may not see it.")
                raise ProblemError(detail, "datastream", code="unknown")
        rule = rule_draft(RuleWish(**values), viewer=viewer)
        return Response(self.get_serializer(rule).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=TrialWishSerializer, responses=CleaningTrialSerializer)
    @action(detail=True, methods=["post"])
    def trial(self, request: Request, pk: str) -> Response:
        """Judge the last days with the rule; nothing is changed."""
        asked = TrialWishSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        days, viewer = asked.validated_data["days"], request_viewer(request)
        found = rule_trial(self.get_object(), viewer=viewer, days=days)
        return Response(CleaningTrialSerializer(asdict(found)).data)

    @extend_schema(request=None, responses=CleaningRuleSerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Put the draft in force."""
        rule = rule_publish(self.get_object(), viewer=request_viewer(request))
        return Response(self.get_serializer(rule).data)

    @extend_schema(request=None, responses=CleaningRuleSerializer)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Response:
        """End the rule."""
        rule = rule_retire(self.get_object(), viewer=request_viewer(request))
        return Response(self.get_serializer(rule).data)
