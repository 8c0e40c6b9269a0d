"""REST: upload a file, look at it, confirm its mapping, read its quarantine."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.data import Capability
from apps.audit.services import seen
from apps.core.parsers import BoundedJSONParser, ReadableFormParser
from apps.core.serializers import BodySerializer, DomainField
from apps.core.spreadsheets import cell_safe
from apps.privacy.data import Decision
from apps.privacy.services import masked, visible_fields, visible_rows
from apps.privacy.services.rest import PolicySerializer, PolicyViewSet, policy_serializer, request_viewer
from apps.sensing.files.mapping import ColumnMapping
from apps.sensing.files.moments import TIME_UNITS
from apps.sensing.models import QuarantinedRow, Upload
from apps.sensing.selectors.faults import reason_told
from apps.sensing.selectors.uploads import columns_told
from apps.sensing.services.uploads import upload_confirm, upload_create, upload_preview

COLUMNS = ("line", "field", "code", "reason", "row")


class UploadRequestSerializer(BodySerializer[Any]):
    """A file for a domain."""

    domain = DomainField()
    file = serializers.FileField()


class MappingSerializer(BodySerializer[Any]):
    """Which column is what."""

    time = serializers.CharField(max_length=200)
    datastream = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    result = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    unit = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    wide = serializers.DictField(child=serializers.CharField(), required=False, default=dict)
    time_zone = serializers.CharField(max_length=60, required=False, default="Asia/Shanghai")
    time_unit = serializers.ChoiceField(choices=TIME_UNITS, required=False, default="", allow_blank=True)


class UploadSerializer(PolicySerializer):
    """A file; which column is what, wherever the names of its columns are the caller's to know."""

    class Meta(policy_serializer(Upload).Meta):  # type: ignore[misc]  # made at run time
        """The fields of the model."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The row as the caller may see it."""
        row = super().to_representation(instance)
        viewer = request_viewer(self.context["request"])
        if "mapping" not in row["masked"] or not columns_told(viewer, instance):
            return row
        seen(Upload._meta.label, (instance.pk,), ("mapping",))
        reasons = {name: why for name, why in row["masked"].items() if name != "mapping"}
        return {**row, "mapping": instance.mapping, "masked": reasons}


class UploadViewSet(PolicyViewSet):
    """Files of readings."""

    key_needs = (Capability.UPLOAD,)
    queryset = Upload.objects.select_related("job")
    serializer_class = UploadSerializer
    filterset_fields = ("domain",)
    parser_classes = (ReadableFormParser,)

    @extend_schema(request=UploadRequestSerializer, responses={201: UploadSerializer})
    def create(self, request: Request) -> Response:
        """Keep the file; the answer holds the guessed mapping."""
        asked = UploadRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        viewer = request_viewer(request)
        upload = upload_create(
            asked.validated_data["file"], domain=asked.validated_data["domain"], viewer=viewer
        )
        return Response(self.get_serializer(upload).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=OpenApiTypes.OBJECT, filters=False)
    @action(detail=True)
    def preview(self, request: Request, pk: str) -> Response:
        """Columns, encoding and the first rows; ``masked`` says what is kept back, and why."""
        found = upload_preview(self.get_object(), viewer=request_viewer(request))
        rows = [
            {name: None if value is None else str(value) for name, value in row.items()} for row in found.rows
        ]
        body = {
            "columns": found.columns,
            "encoding": found.table.encoding,
            "delimiter": found.table.delimiter,
            "rows": rows,
            "masked": {name: decision.reason.value for name, decision in found.masked.items()},
        }
        return Response(body)

    @extend_schema(request=MappingSerializer, responses={202: UploadSerializer})
    @action(detail=True, methods=["post"], parser_classes=[BoundedJSONParser])
    def confirm(self, request: Request, pk: str) -> Response:
        """Take the mapping and start the import."""
        asked = MappingSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        mapping = ColumnMapping(**asked.validated_data)
        upload = upload_confirm(self.get_object(), mapping=mapping, viewer=request_viewer(request))
        return Response(self.get_serializer(upload).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR}, filters=False)
    @action(detail=True, url_path="quarantine.csv")
    def quarantine(self, request: Request, pk: str) -> StreamingHttpResponse:
        """The rows in quarantine as CSV; what a spreadsheet would run as a formula is quoted."""
        upload, viewer = self.get_object(), request_viewer(request)
        decisions = visible_fields(viewer, QuarantinedRow)
        rows = visible_rows(viewer, QuarantinedRow.objects.filter(upload=upload)).order_by("line")
        seen(QuarantinedRow._meta.label, (), COLUMNS, rows=rows.count())
        lines = (_cells(row, decisions) for row in rows.iterator())
        answer = StreamingHttpResponse(_csv(lines), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="quarantine-{upload.pk}.csv"'
        return answer


class _Echo:
    """A file that gives back what is written."""

    def write(self, text: str) -> str:
        """The text itself."""
        return text


def _cells(row: QuarantinedRow, decisions: Mapping[str, Decision]) -> list[Any]:
    cells = {name: masked(getattr(row, name), decisions[name], row=row) for name in COLUMNS}
    if decisions["reason"].is_clear:
        cells["reason"] = reason_told(row, clear=decisions["row"].is_clear)
    return list(cells.values())


def _csv(lines: Iterator[list[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + str(writer.writerow(COLUMNS))
    for cells in lines:
        yield str(writer.writerow([cell_safe(_cell(cell)) for cell in cells]))


def _cell(value: Any) -> Any:
    """A row of a file as JSON, which other programs read."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
