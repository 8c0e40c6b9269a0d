"""Subject rights and incidents for programs of the data bureau."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.serializers import BodySerializer
from apps.privacy.services.rest import PolicyViewSet, policy_serializer, request_viewer
from apps.subjects import services
from apps.subjects.data import Told
from apps.subjects.models import (
    Asker,
    Breach,
    Incident,
    Kind,
    Proof,
    Refusal,
    Step,
    SubjectRequest,
    Tombstone,
)
from apps.subjects.selectors.leaks import leak_of
from apps.subjects.services.exporting import ENCODINGS, file_answer
from apps.subjects.services.incidents import incident_check, incident_open, incident_step
from apps.subjects.services.notices import notice_text, report_text
from apps.subjects.services.officers import officer_check

LARGEST = 2**63 - 1
RequestSerializer = policy_serializer(SubjectRequest)
IncidentSerializer = policy_serializer(Incident)


class ReceiveSerializer(BodySerializer[Any]):
    """What a person tells when he asks."""

    kind = serializers.ChoiceField(Kind.choices)
    asker = serializers.ChoiceField(Asker.choices, default=Asker.SELF)
    id_number = serializers.CharField(max_length=30, required=False, default="", allow_blank=True)
    phone = serializers.CharField(max_length=24, required=False, default="", allow_blank=True)
    name = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)
    birth_date = serializers.DateField(required=False, default=None, allow_null=True)
    number = serializers.CharField(max_length=64, required=False, default="", allow_blank=True)
    changes = serializers.DictField(
        child=serializers.CharField(max_length=1000), required=False, default=dict
    )


class IdentityProofSerializer(BodySerializer[Any]):
    """How the identity was checked."""

    proof = serializers.ChoiceField(Proof.choices)
    note = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class ChosenSerializer(BodySerializer[Any]):
    """The rows that really are the person's."""

    chosen = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST), max_length=2000, allow_empty=True
    )


class RefusalSerializer(BodySerializer[Any]):
    """Why a request is refused."""

    refusal = serializers.ChoiceField(Refusal.choices)
    answer = serializers.CharField(max_length=500)


class EncodingSerializer(BodySerializer[Any]):
    """The encoding of the CSV files."""

    encoding = serializers.ChoiceField([(name, name) for name in ENCODINGS], default="utf-8")


class RequestViewSet(PolicyViewSet):
    """Requests of people about their own data; for approvers with the highest clearance."""

    programs = ()  # one's own affairs, not a program's
    queryset = SubjectRequest.objects.all()
    serializer_class = RequestSerializer
    filterset_fields = ("state", "kind")
    keyset = ("-id",)

    def get_queryset(self) -> QuerySet[Any]:
        """Nothing for anybody but officers."""
        queryset = super().get_queryset()
        if not getattr(self, "swagger_fake_view", False):
            officer_check(request_viewer(self.request))
        return queryset

    @extend_schema(request=ReceiveSerializer, responses={201: RequestSerializer})
    def create(self, request: Request) -> Response:
        """Take down a request."""
        values = _checked(ReceiveSerializer, request)
        facts = {name: values.pop(name) for name in ("kind", "asker", "changes")}
        row = services.request_receive(Told(**values), viewer=request_viewer(request), **facts)
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=IdentityProofSerializer)
    @action(detail=True, methods=["post"])
    def identity(self, request: Request, pk: str) -> Response:
        """Record how the identity was checked."""
        values, viewer = _checked(IdentityProofSerializer, request), request_viewer(request)
        return self._done(services.identity_check(self.get_object().pk, **values, viewer=viewer))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def search(self, request: Request, pk: str) -> Response:
        """Find the person's rows."""
        row = services.subject_search(self.get_object().pk, viewer=request_viewer(request))
        return self._done(row)

    @extend_schema(request=ChosenSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Say which of the rows found are the person's."""
        chosen = set(_checked(ChosenSerializer, request)["chosen"])
        row = services.matches_confirm(self.get_object().pk, chosen=chosen, viewer=request_viewer(request))
        return self._done(row)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def tell(self, request: Request, pk: str) -> Response:
        """Answer what is held."""
        return self._done(services.request_tell(self.get_object().pk, viewer=request_viewer(request)))

    @extend_schema(request=EncodingSerializer, responses={(200, "application/zip"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["post"])
    def export(self, request: Request, pk: str) -> HttpResponse:
        """The copy for the person."""
        values, viewer = _checked(EncodingSerializer, request), request_viewer(request)
        return file_answer(services.request_export(self.get_object().pk, viewer=viewer, **values))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: str) -> Response:
        """Write the corrections into every confirmed row."""
        return self._done(services.request_correct(self.get_object().pk, viewer=request_viewer(request)))

    @extend_schema(request=None, responses=policy_serializer(Tombstone))
    @action(detail=True, methods=["post"])
    def erase(self, request: Request, pk: str) -> Response:
        """Delete the person in every domain, except what a law keeps."""
        stone = services.request_erase(self.get_object().pk, viewer=request_viewer(request))
        return Response(policy_serializer(Tombstone)(stone, context={"request": request}).data)

    @extend_schema(request=RefusalSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        """Refuse with a reason."""
        values, viewer = _checked(RefusalSerializer, request), request_viewer(request)
        return self._done(services.request_refuse(self.get_object().pk, **values, viewer=viewer))

    def _done(self, row: SubjectRequest) -> Response:
        return Response(self.get_serializer(row).data)


class IncidentRequestSerializer(BodySerializer[Any]):
    """What is known of an incident."""

    title = serializers.CharField(max_length=120)
    breach = serializers.ChoiceField(Breach.choices, default=Breach.LEAK)
    found_at = serializers.DateTimeField()
    occurred_at = serializers.DateTimeField(required=False, default=None, allow_null=True)
    leaked = serializers.CharField(max_length=128, required=False, default="", allow_blank=True)
    cause = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)
    harm = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)
    measures = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class IncidentStepSerializer(BodySerializer[Any]):
    """The next step of an incident."""

    step = serializers.ChoiceField(Step.choices)
    cause = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)
    harm = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)
    measures = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class IncidentViewSet(PolicyViewSet):
    """Incidents with personal data; for the security office and approvers with the highest clearance."""

    programs = ()  # one's own affairs, not a program's
    queryset = Incident.objects.all()
    serializer_class = IncidentSerializer
    filterset_fields = ("state", "breach")
    keyset = ("-id",)

    def get_queryset(self) -> QuerySet[Any]:
        """Nothing for anybody but those who handle incidents."""
        queryset = super().get_queryset()
        if not getattr(self, "swagger_fake_view", False):
            incident_check(request_viewer(self.request))
        return queryset

    @extend_schema(request=IncidentRequestSerializer, responses={201: IncidentSerializer})
    def create(self, request: Request) -> Response:
        """Open an incident; the report is due in 24 hours."""
        values = _checked(IncidentRequestSerializer, request)
        row = incident_open(values.pop("title"), **values, viewer=request_viewer(request))
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=IncidentStepSerializer)
    @action(detail=True, methods=["post"])
    def step(self, request: Request, pk: str) -> Response:
        """Move it on: reported, people notified, closed."""
        values = _checked(IncidentStepSerializer, request)
        row = incident_step(self.get_object().pk, **values, viewer=request_viewer(request))
        return Response(self.get_serializer(row).data)

    @extend_schema(responses=OpenApiTypes.OBJECT, filters=False)
    @action(detail=True)
    def extent(self, request: Request, pk: str) -> Response:
        """Whose data leaked and who had them, by the access log."""
        leak = leak_of(self.get_object())
        recipients = [
            {"user": item.user_id, "at": item.at, "action": item.action, "entry": item.entry_id}
            for item in leak.recipients
        ]
        body = {"subjects": leak.subjects, "people": leak.people, "objects": leak.objects}
        return Response({**body, "fields": leak.fields, "recipients": recipients})

    @extend_schema(responses=OpenApiTypes.OBJECT, filters=False)
    @action(detail=True)
    def texts(self, request: Request, pk: str) -> Response:
        """The report and the notices, drafted from the record."""
        incident = self.get_object()
        leak = leak_of(incident)
        guardian = notice_text(incident, leak, guardian=True)
        return Response(
            {
                "report": report_text(incident, leak),
                "notice": notice_text(incident, leak),
                "guardian": guardian,
            }
        )


def _checked(form: type[BodySerializer[Any]], request: Request) -> dict[str, Any]:
    asked = form(data=request.data)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


ROUTES = {"requests": RequestViewSet, "incidents": IncidentViewSet}
