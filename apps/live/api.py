"""Jobs for programs: what runs, how far it is, and the wish to stop it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.data import Capability
from apps.core.errors import ProblemError
from apps.core.jobs import job_wish
from apps.core.models import Job
from apps.privacy.services.rest import PolicyViewSet, policy_serializer, request_viewer

NEEDED = {"upload": Capability.UPLOAD, "train": Capability.TRAIN, "plan": Capability.PLAN}


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
        job, viewer = self.get_object(), request_viewer(request)
        needed = NEEDED.get(job.kind)
        if job.owner_id != viewer.user_id and not (needed and viewer.may(job.domain, needed)):
            raise ProblemError(
                _("Only the job's owner or a role that could have started it may do this."), "", 403
            )
        return Response(self.get_serializer(job_wish(job.pk, wish=wish)).data)


ROUTES = {"jobs": JobViewSet}
