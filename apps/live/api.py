"""Jobs for programs: what runs, how far it is, and the wish to stop it."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.models import Job
from apps.live.services import job_ask
from apps.privacy.services.rest import PolicyViewSet, policy_serializer, request_viewer


class JobViewSet(PolicyViewSet):
    """Long work of the caller's domains."""

    queryset = Job.objects.all()
    serializer_class = policy_serializer(Job)
    filterset_fields = ("state", "kind", "domain")
    keyset = ("-created_at", "id")

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Ask the job to stop."""
        return self._wish(request, "cancel")

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: str) -> Response:
        """Ask the job to stop and keep its best answer so far."""
        return self._wish(request, "take")

    def _wish(self, request: Request, wish: str) -> Response:
        job = job_ask(self.get_object(), wish=wish, viewer=request_viewer(request))
        return Response(self.get_serializer(job).data)


ROUTES = {"jobs": JobViewSet}
