"""``GET /api/v1/accounts/me/``: who the caller is and what he may do."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.data import Capability, Viewer
from apps.accounts.models import User
from apps.accounts.selectors import viewer_for
from apps.accounts.services.sessions import confirm
from apps.core.errors import ProblemError
from apps.core.parameters import ReadingView
from apps.core.serializers import BodySerializer


class ProgramSerializer(BodySerializer[Any]):
    """The key or token that acts for the caller."""

    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())


class MeSerializer(BodySerializer[Any]):
    """The caller."""

    username = serializers.CharField()
    name = serializers.CharField()
    department = serializers.CharField()
    division = serializers.CharField()
    clearance = serializers.IntegerField()
    office = serializers.CharField(allow_null=True)
    rights = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    program = ProgramSerializer(allow_null=True, help_text="Null for a person with a session.")


class MeView(ReadingView):
    """The caller's own account and rights."""

    programs = SAFE_METHODS

    @extend_schema(responses=MeSerializer, operation_id="accounts_me")
    def get(self, request: Request) -> Response:
        """Name, department, clearance, and the capabilities by domain; of a program what is left of them."""
        viewer = getattr(request.auth, "viewer", None) or viewer_for(request.user)
        rights: dict[str, list[str]] = {}
        for domain, capability in sorted(rights_left(viewer)):
            rights.setdefault(domain, []).append(capability.value)
        body = {
            "username": request.user.get_username(),
            "name": getattr(request.user, "display_name", ""),
            "department": viewer.department,
            "division": viewer.division,
            "clearance": viewer.clearance,
            "office": viewer.office,
            "rights": rights,
            "program": _program(request.auth),
        }
        return Response(MeSerializer(body).data)


def rights_left(viewer: Viewer) -> set[tuple[str, Capability]]:
    """The viewer's rights; of a token only looking, and only where something that it is about lies."""
    if viewer.limits is None:
        return set(viewer.rights)
    about = {limit.object_type.partition(".")[0] for limit in viewer.limits}
    return {right for right in viewer.rights if right[0] in about and right[1] is Capability.VIEW}


def _program(auth: Any) -> dict[str, Any] | None:
    return None if auth is None else {"name": auth.name, "scopes": sorted(auth.scopes)}


class ProofSerializer(BodySerializer[Any]):
    """The password, or a code of the second factor."""

    password = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    code = serializers.CharField(max_length=12, required=False, default="", allow_blank=True)


class ConfirmView(ReadingView):
    """Show again that it is the same person."""

    @extend_schema(request=ProofSerializer, responses={204: None}, operation_id="accounts_confirm")
    def post(self, request: Request) -> Response:
        """Opens reveals and approvals of this portal session for five minutes; a key cannot be confirmed."""
        asked = ProofSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        if request.auth is not None or not isinstance(request.user, User):
            raise ProblemError(_("Only a portal session can be confirmed, not a key."), status=403)
        confirm(request._request, request.user, **asked.validated_data)
        return Response(status=204)


VIEWS = {"me/": MeView, "confirm/": ConfirmView}
