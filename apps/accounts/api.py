"""``GET /api/v1/accounts/me/``: who the caller is and what he may do."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import viewer_for


class MeSerializer(serializers.Serializer[Any]):
    """The caller."""

    username = serializers.CharField()
    name = serializers.CharField()
    department = serializers.CharField()
    division = serializers.CharField()
    clearance = serializers.IntegerField()
    office = serializers.CharField(allow_null=True)
    rights = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))


class MeView(APIView):
    """The caller's own account and rights."""

    @extend_schema(responses=MeSerializer, operation_id="accounts_me")
    def get(self, request: Request) -> Response:
        """Name, department, clearance, and the capabilities by domain."""
        viewer = viewer_for(request.user)
        rights: dict[str, list[str]] = {}
        for domain, capability in sorted(viewer.rights):
            rights.setdefault(domain, []).append(capability.value)
        body = {
            "username": request.user.get_username(),
            "name": getattr(request.user, "display_name", ""),
            "department": viewer.department,
            "division": viewer.division,
            "clearance": viewer.clearance,
            "office": viewer.office,
            "rights": rights,
        }
        return Response(MeSerializer(body).data)


VIEWS = {"me/": MeView}
