"""``/api/v1/portal/``: who saw a record, one's own trail, and the history of a row."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.audit.selectors import tracked_models
from apps.audit.selectors.trail import NEWEST, entries_of_user
from apps.core.errors import ProblemError
from apps.core.numbers import whole_number
from apps.core.parameters import ReadingView
from apps.core.serializers import BodySerializer
from apps.portal.selectors.log import Line, lines_of, record_seen_by
from apps.portal.selectors.rows import visible_get
from apps.privacy.services.history import history_shown
from apps.privacy.services.rest import request_viewer

OBJECT = OpenApiParameter("object", str, description="Object type, such as hospital.Patient.", required=True)
KEY = OpenApiParameter("pk", int, description="Number of the record.", required=True)
BEFORE = OpenApiParameter("before", int, description="Entries older than this one.")


class EntrySerializer(BodySerializer[Any]):
    """One entry of the access log."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    name = serializers.CharField()
    department = serializers.CharField()
    role = serializers.CharField()
    action = serializers.CharField()
    object_type = serializers.CharField()
    object_id = serializers.CharField()
    fields_shown = serializers.ListField(child=serializers.CharField())
    rows = serializers.IntegerField()
    purpose = serializers.CharField()
    result = serializers.CharField()


class FieldChangeSerializer(BodySerializer[Any]):
    """One field of one change; null where the caller gets no value."""

    name = serializers.CharField()
    old = serializers.JSONField(allow_null=True)
    new = serializers.JSONField(allow_null=True)


class ChangeSerializer(BodySerializer[Any]):
    """One change of a row."""

    at = serializers.DateTimeField()
    name = serializers.CharField()
    job = serializers.CharField()
    operation = serializers.CharField()
    changed = FieldChangeSerializer(many=True)


class SeenView(ReadingView):
    """Who saw one record."""

    query_names = ("object", "pk", "before")

    @extend_schema(
        operation_id="portal_seen", parameters=[OBJECT, KEY, BEFORE], responses=EntrySerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """Newest first; for the auditor, the security administrator and the approver of the owner."""
        kind, key = _record(request)
        lines = record_seen_by(request_viewer(request), kind, key, before=_before(request))
        return Response([_entry(line) for line in lines])


class TrailView(ReadingView):
    """What the caller did."""

    query_names = ("before",)

    @extend_schema(operation_id="portal_trail", parameters=[BEFORE], responses=EntrySerializer(many=True))
    def get(self, request: Request) -> Response:
        """The caller's own entries, newest first."""
        viewer = request_viewer(request)
        return Response(
            [_entry(line) for line in lines_of(entries_of_user(viewer.user_id or 0, before=_before(request)))]
        )


class HistoryView(ReadingView):
    """The history of one row."""

    query_names = ("object", "pk")

    @extend_schema(
        operation_id="portal_history", parameters=[OBJECT, KEY], responses=ChangeSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """Its changes, newest first; values as the caller may see them, hidden fields absent."""
        kind, key = _record(request)
        if kind not in {model._meta.label for model in tracked_models()}:
            raise ProblemError(_("No history is kept of this object type."), "object", 404, "unknown")
        viewer = request_viewer(request)
        changes = history_shown(viewer, visible_get(viewer, kind, key))
        return Response(
            [
                {
                    "at": one.change.at,
                    "name": one.name,
                    "job": one.change.actor,
                    "operation": one.change.operation,
                    "changed": [{"name": f.name, "old": f.old, "new": f.new} for f in one.fields],
                }
                for one in changes
            ]
        )


def _entry(line: Line) -> dict[str, Any]:
    entry = line.entry
    same = ("id", "at", "role", "action", "object_type", "object_id", "rows", "purpose", "result")
    named = {"name": line.name, "department": line.department, "fields_shown": entry.fields}
    return {name: getattr(entry, name) for name in same} | named


def _record(request: Request) -> tuple[str, str]:
    """Type and number; ProblemError names the one that is missing or cannot be."""
    kind, key = (request.query_params.get(name, "") for name in ("object", "pk"))
    if not kind:
        raise ProblemError(_("Name the object type, such as hospital.Patient."), "object", code="missing")
    if whole_number(key) is None:
        raise ProblemError(_("Give the number of the record."), "pk")
    return kind, key


def _before(request: Request) -> int:
    text = request.query_params.get("before", "")
    before = whole_number(text) if text else NEWEST
    if before is None:
        raise ProblemError(_("Give the id of an entry."), "before")
    return before


VIEWS = {"seen/": SeenView, "trail/": TrailView, "history/": HistoryView}
