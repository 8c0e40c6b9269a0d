"""The archive for programs: lake files, rules, holds, backups, drills."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.archive.models import Backup, BackupKind, DrillReport, DueDay, LakeFile, LegalHold, RetentionRule
from apps.archive.selectors.retention import Keep
from apps.archive.services.asking import backup_ask, drill_ask
from apps.archive.services.rules import Scope, hold_place, hold_release, rule_set
from apps.core.serializers import BodySerializer, DomainField
from apps.privacy.services.rest import PolicyViewSet, policy_serializer, policy_viewset, request_viewer

LARGEST = 2**63 - 1


class ScopeSerializer(BodySerializer[Any]):
    """Which readings, and why."""

    domain = DomainField()
    datastream = serializers.IntegerField(
        min_value=1, max_value=LARGEST, required=False, allow_null=True, default=None
    )
    reason = serializers.CharField(max_length=300)


class RuleRequestSerializer(ScopeSerializer):
    """How long readings are kept; a kind or a datastream narrows the rule."""

    kind = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    keep_months = serializers.IntegerField(min_value=1, max_value=1200)
    lake_years = serializers.IntegerField(min_value=1, max_value=100)


class HoldRequestSerializer(ScopeSerializer):
    """Days of readings that must not be deleted; an end that is left out is open."""

    start = serializers.DateField(required=False, allow_null=True, default=None)
    end = serializers.DateField(required=False, allow_null=True, default=None)


class BackupRequestSerializer(BodySerializer[Any]):
    """The kind of backup; left out, a base backup where a role may make one."""

    kind = serializers.ChoiceField(BackupKind.choices, required=False, default="")


class RuleViewSet(PolicyViewSet):
    """How long readings are kept."""

    queryset = RetentionRule.objects.all()
    serializer_class = policy_serializer(RetentionRule)
    filterset_fields = ("domain", "kind")

    @extend_schema(request=RuleRequestSerializer, responses={201: policy_serializer(RetentionRule)})
    def create(self, request: Request) -> Response:
        """Set a rule, in place of an earlier one for the same readings."""
        values = _checked(RuleRequestSerializer, request)
        keep = Keep(values["keep_months"], values["lake_years"])
        scope = Scope(domain=values["domain"], kind=values["kind"], datastream=values["datastream"])
        rule = rule_set(scope, keep=keep, reason=values["reason"], viewer=request_viewer(request))
        return Response(self.get_serializer(rule).data, status=status.HTTP_201_CREATED)


class HoldViewSet(PolicyViewSet):
    """Legal holds, the newest first."""

    queryset = LegalHold.objects.all()
    serializer_class = policy_serializer(LegalHold)
    filterset_fields = ("domain",)
    keyset = ("-id",)

    @extend_schema(request=HoldRequestSerializer, responses={201: policy_serializer(LegalHold)})
    def create(self, request: Request) -> Response:
        """Place a hold."""
        values = _checked(HoldRequestSerializer, request)
        scope = Scope(domain=values.pop("domain"), datastream=values.pop("datastream"))
        hold = hold_place(scope, **values, viewer=request_viewer(request))
        return Response(self.get_serializer(hold).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: str) -> Response:
        """Release a hold; it stays as a record."""
        hold = hold_release(self.get_object(), viewer=request_viewer(request))
        return Response(self.get_serializer(hold).data)


class BackupViewSet(PolicyViewSet):
    """Backups, the newest first."""

    queryset = Backup.objects.all()
    serializer_class = policy_serializer(Backup)
    filterset_fields = ("kind", "outcome")
    keyset = ("-started_at", "-id")

    @extend_schema(request=BackupRequestSerializer, responses={202: policy_serializer(Backup)})
    def create(self, request: Request) -> Response:
        """Ask for a backup."""
        values = _checked(BackupRequestSerializer, request)
        backup = backup_ask(kind=values["kind"], viewer=request_viewer(request))
        return Response(self.get_serializer(backup).data, status=status.HTTP_202_ACCEPTED)


class DrillViewSet(PolicyViewSet):
    """Restore drills, the newest first."""

    queryset = DrillReport.objects.all()
    serializer_class = policy_serializer(DrillReport)
    filterset_fields = ("outcome",)
    keyset = ("-started_at", "-id")

    @extend_schema(request=None, responses={202: policy_serializer(DrillReport)})
    def create(self, request: Request) -> Response:
        """Ask for a drill of the newest backup."""
        drill = drill_ask(viewer=request_viewer(request))
        return Response(self.get_serializer(drill).data, status=status.HTTP_202_ACCEPTED)


def _checked(form: type[BodySerializer[Any]], request: Request) -> dict[str, Any]:
    asked = form(data=request.data)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


ROUTES = {
    "files": policy_viewset(LakeFile, filters=["domain", "day", "kind"]),
    "due": policy_viewset(DueDay, filters=["domain", "day"]),
    "rules": RuleViewSet,
    "holds": HoldViewSet,
    "backups": BackupViewSet,
    "drills": DrillViewSet,
}
