"""Corrections and quarantine for programs: correct, undo, mend, dismiss."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.data import Capability
from apps.core.errors import ProblemError
from apps.core.serializers import BodySerializer
from apps.privacy.services import visible_rows
from apps.privacy.services.rest import PolicySerializer, PolicyViewSet, policy_serializer, request_viewer
from apps.sensing.models import Datastream, Edit, QuarantinedRow
from apps.sensing.models.history import OPERATIONS
from apps.sensing.models.observations import QUALITIES
from apps.sensing.selectors.faults import reason_told
from apps.sensing.services.corrections import Correction, edit_make, edit_undo
from apps.sensing.services.mending import (
    quarantine_correct,
    quarantine_dismiss,
    quarantine_mend,
    quarantine_replay,
)

EditSerializer = policy_serializer(Edit)


class QuarantinedRowSerializer(PolicySerializer):
    """A quarantined row; its reason quotes values only where the row itself is shown."""

    class Meta(policy_serializer(QuarantinedRow).Meta):  # type: ignore[misc]  # made at run time
        """The fields of the model."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The row as the caller may see it."""
        row = super().to_representation(instance)
        if "row" in row["masked"] and "reason" in row:
            row["reason"] = reason_told(instance, clear=False)
        return row


LARGEST = 2**63 - 1


class CorrectionSerializer(BodySerializer[Any]):
    """A correction of the readings of one datastream; both ends are included."""

    datastream = serializers.IntegerField(min_value=1, max_value=LARGEST)
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    operation = serializers.ChoiceField(OPERATIONS)
    value = serializers.FloatField(required=False, allow_null=True)
    quality = serializers.ChoiceField(QUALITIES, required=False, allow_null=True)
    reason = serializers.CharField(max_length=300)


class EditViewSet(PolicyViewSet):
    """Corrections, the newest first."""

    key_needs = (Capability.UPLOAD,)
    queryset = Edit.objects.select_related("datastream__thing")
    serializer_class = EditSerializer
    filterset_fields = ("datastream", "operation")
    keyset = ("-id",)

    @extend_schema(request=CorrectionSerializer, responses={201: EditSerializer})
    def create(self, request: Request) -> Response:
        """Correct readings."""
        asked = CorrectionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        values, viewer = dict(asked.validated_data), request_viewer(request)
        streams = visible_rows(viewer, Datastream.objects.select_related("thing"))
        stream = streams.filter(pk=values.pop("datastream")).first()
        if stream is None:
            detail = _("There is no such datastream, or you may not see it.")
            raise ProblemError(detail, "datastream", code="unknown")
        edit = edit_make(stream, wish=Correction(**values), viewer=viewer)
        return Response(self.get_serializer(edit).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Put back what the correction has replaced."""
        edit = edit_undo(self.get_object(), viewer=request_viewer(request))
        return Response(self.get_serializer(edit).data)


class MendSerializer(BodySerializer[Any]):
    """The cells to change in a quarantined row: ``{"result": 21.5}``."""

    changes = serializers.DictField(child=serializers.JSONField(), allow_empty=True, default=dict)


class CorrectSerializer(BodySerializer[Any]):
    """Why the stored value is wrong."""

    reason = serializers.CharField(max_length=300)


class ReplaySerializer(MendSerializer):
    """Rows to take again, all with the same changes."""

    rows = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST), min_length=1, max_length=10_000
    )


class ReplayedSerializer(BodySerializer[Any]):
    """How many rows were stored, and how many are still wrong."""

    mended = serializers.IntegerField()
    still_open = serializers.IntegerField()


class QuarantineViewSet(PolicyViewSet):
    """Rows that could not be stored, the newest first."""

    key_needs = (Capability.UPLOAD,)
    queryset = QuarantinedRow.objects.all()
    serializer_class = QuarantinedRowSerializer
    filterset_fields = ("upload", "code", "door", "state")

    @extend_schema(request=MendSerializer, responses=QuarantinedRowSerializer)
    @action(detail=True, methods=["post"])
    def mend(self, request: Request, pk: str) -> Response:
        """Change cells and store the row now; one that is still wrong stays with the new reason."""
        asked = MendSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        changes = asked.validated_data["changes"]
        row = quarantine_mend(self.get_object(), changes=changes, viewer=request_viewer(request))
        return Response(self.get_serializer(row).data)

    @extend_schema(request=CorrectSerializer, responses=QuarantinedRowSerializer)
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: str) -> Response:
        """Correct the stored reading with this row's value; only for rows with the code ``conflict``."""
        asked = CorrectSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        reason = asked.validated_data["reason"]
        row = quarantine_correct(self.get_object(), reason=reason, viewer=request_viewer(request))
        return Response(self.get_serializer(row).data)

    @extend_schema(request=ReplaySerializer, responses=ReplayedSerializer)
    @action(detail=False, methods=["post"])
    def replay(self, request: Request) -> Response:
        """Take many rows again, as they are or with the same cells changed in all of them."""
        asked = ReplaySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        rows = self.get_queryset().filter(pk__in=asked.validated_data["rows"])
        changes = asked.validated_data["changes"]
        done = quarantine_replay(rows, changes=changes, viewer=request_viewer(request))
        return Response(ReplayedSerializer(done).data)

    @extend_schema(request=None, responses=QuarantinedRowSerializer)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: str) -> Response:
        """Set the row aside for good; it is kept."""
        row = quarantine_dismiss(self.get_object(), viewer=request_viewer(request))
        return Response(self.get_serializer(row).data)
