"""The policy for programs: drafts, rules, what they change, what last week would have been, approval."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.grades import Grade, Mask
from apps.core.serializers import BodySerializer
from apps.privacy import approvals_api, statistics_api
from apps.privacy.data import Effect
from apps.privacy.microdata_api import CountsView, MicroReleaseViewSet
from apps.privacy.models import PolicyRule, PolicyVersion
from apps.privacy.selectors.inforce import policy_compiled, policy_in_force
from apps.privacy.services.comparing import Change, policy_changes, policy_faults
from apps.privacy.services.replaying import Replay, policy_replay
from apps.privacy.services.rest import PolicyViewSet, policy_serializer, request_viewer
from apps.privacy.services.versions import (
    policy_approve,
    policy_draft,
    policy_propose,
    policy_withdraw,
    rule_put,
    rule_remove,
)

VersionSerializer = policy_serializer(PolicyVersion)
RuleSerializer = policy_serializer(PolicyRule)
CODE = r"^[-\w]+$"


class PolicyDraftSerializer(BodySerializer[Any]):
    """Why the policy is to change."""

    reason = serializers.CharField(max_length=500)


class PolicyRuleWishSerializer(BodySerializer[Any]):
    """One rule; what is left out takes its default: every field, everybody, every grade."""

    key = serializers.RegexField(CODE, max_length=60)
    object_type = serializers.CharField(max_length=60)
    field = serializers.CharField(max_length=60, default="*")
    roles = serializers.ListField(
        child=serializers.RegexField(CODE, max_length=40), default=list, max_length=50
    )
    least_grade = serializers.ChoiceField([grade.value for grade in Grade], default=Grade.L1.value)
    effect = serializers.ChoiceField(list(Effect))
    mask = serializers.ChoiceField(list(Mask), default=Mask.NONE.value)
    purposes = serializers.ListField(
        child=serializers.RegexField(CODE, max_length=40), default=list, max_length=50
    )
    note = serializers.CharField(max_length=200, default="", allow_blank=True)


class PolicyChangeSerializer(BodySerializer[Change]):
    """One outcome that differs from the policy in force."""

    role = serializers.CharField()
    object_type = serializers.CharField()
    field = serializers.CharField()
    clearance = serializers.IntegerField()
    purpose = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class PolicyDifferenceSerializer(BodySerializer[Any]):
    """What a version changes, and why it may not come into force (empty when it may)."""

    changes = PolicyChangeSerializer(many=True)
    faults = serializers.ListField(child=serializers.CharField())


class PolicyReplayedSerializer(BodySerializer[Any]):
    """Requests of one person that would have been answered differently."""

    user_id = serializers.IntegerField()
    roles = serializers.ListField(child=serializers.CharField())
    object_type = serializers.CharField()
    purpose = serializers.CharField()
    requests = serializers.IntegerField()
    changes = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))


class PolicyReplaySerializer(BodySerializer[Any]):
    """Last week's requests under a version: how many were looked at, how many change, and which."""

    requests = serializers.IntegerField()
    changed = serializers.IntegerField()
    groups = PolicyReplayedSerializer(many=True)


class PolicyVersionViewSet(PolicyViewSet):
    """Versions of the policy: drafted by one security administrator, put in force by another."""

    programs = ()  # one's own affairs, not a program's
    queryset = PolicyVersion.objects.all()
    serializer_class = VersionSerializer
    filterset_fields = ("state",)
    keyset = ("-number",)
    lookup_field = "number"
    lookup_value_regex = r"\d{1,9}"

    @extend_schema(request=PolicyDraftSerializer, responses={201: VersionSerializer})
    def create(self, request: Request) -> Response:
        """Start a draft with the rules in force."""
        asked = PolicyDraftSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        draft = policy_draft(**asked.validated_data, by=request_viewer(request))
        return Response(self.get_serializer(draft).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=RuleSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def rules(self, request: Request, number: str) -> Response:
        """The rules of a version in their order."""
        rules = self.get_object().rules.order_by("order")
        return Response(RuleSerializer(rules, many=True, context=self.get_serializer_context()).data)

    @extend_schema(request=PolicyRuleWishSerializer, responses={200: RuleSerializer})
    @rules.mapping.post
    def put_rule(self, request: Request, number: str) -> Response:
        """Add a rule to a draft, or replace the one with the same key."""
        asked = PolicyRuleWishSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        rule = rule_put(self.get_object(), asked.validated_data, by=request_viewer(request))
        return Response(RuleSerializer(rule, context=self.get_serializer_context()).data)

    @extend_schema(responses={204: None})
    @action(detail=True, methods=["delete"], url_path=r"rules/(?P<key>[-\w]{1,60})")
    def rule(self, request: Request, number: str, key: str) -> Response:
        """Take a rule out of a draft."""
        rule_remove(self.get_object(), key=key, by=request_viewer(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses=PolicyDifferenceSerializer, filters=False)
    @action(detail=True)
    def changes(self, request: Request, number: str) -> Response:
        """What the version changes against the policy in force, by role, object type and field."""
        old, new = policy_in_force(), policy_compiled(self.get_object())
        body = {"changes": policy_changes(old, new), "faults": policy_faults(old, new)}
        return Response(PolicyDifferenceSerializer(body).data)

    @extend_schema(responses=PolicyReplaySerializer, filters=False)
    @action(detail=True)
    def replay(self, request: Request, number: str) -> Response:
        """Which of last week's requests the version would have answered differently."""
        replay = policy_replay(policy_in_force(), policy_compiled(self.get_object()))
        return Response(replay_body(replay))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def propose(self, request: Request, number: str) -> Response:
        """Close a draft and show it to the other security administrators."""
        return self._answer(policy_propose(self.get_object(), by=request_viewer(request)))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, number: str) -> Response:
        """Put a proposal of somebody else in force."""
        return self._answer(policy_approve(self.get_object(), by=request_viewer(request)))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, number: str) -> Response:
        """End a draft or a proposal."""
        return self._answer(policy_withdraw(self.get_object(), by=request_viewer(request)))

    def get_object(self) -> PolicyVersion:
        """The version with this number, if the caller may know of it."""
        found: PolicyVersion = get_object_or_404(self.get_queryset(), number=self.kwargs["number"])
        return found

    def _answer(self, version: PolicyVersion) -> Response:
        return Response(self.get_serializer(version).data)


def replay_body(replay: Replay) -> dict[str, Any]:
    """The replay as JSON."""
    groups = [
        {
            "user_id": group.user_id,
            "roles": list(group.roles),
            "object_type": group.object_type,
            "purpose": group.purpose,
            "requests": group.requests,
            "changes": {name: [str(outcome) for outcome in pair] for name, pair in group.fields.items()},
        }
        for group in replay.groups
    ]
    return {"requests": replay.requests, "changed": replay.changed, "groups": groups}


ROUTES = {
    **statistics_api.ROUTES,
    "policies": PolicyVersionViewSet,
    "releases-of-rows": MicroReleaseViewSet,
    **approvals_api.ROUTES,
}
VIEWS = {"counts/": CountsView, **approvals_api.VIEWS}
