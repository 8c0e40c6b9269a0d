"""The addresses of SensorThings: one view for every path, because paths are as deep as the caller likes.

Kept out of the OpenAPI document: paths of OData have no fixed form, so the document would either lie or
drown; the landing page and 18-088 describe them.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from apps.accounts.data import KeyFacts
from apps.core.errors import ProblemError
from apps.core.members import DuplicateMemberError, json_read, unread_sentence
from apps.core.texts import unstorable_paths
from apps.privacy.services.rest import request_viewer
from apps.sensing.ingest.bodies import body_unpack, is_json
from apps.sensing.sensorthings.access import Rights, SensorThingsKey, request_scope, scope_missing
from apps.sensing.sensorthings.addresses import Place, place_of
from apps.sensing.sensorthings.answering import entity_body, read_answer
from apps.sensing.sensorthings.landing import landing
from apps.sensing.sensorthings.limits import reading_within_limits, writing_within_limits
from apps.sensing.sensorthings.options import options_read
from apps.sensing.sensorthings.posters import POSTERS, Poster, who_of
from apps.sensing.sensorthings.reading import Ask
from apps.sensing.sensorthings.sight import Sight
from apps.sensing.sensorthings.syntax import Options
from apps.sensing.sensorthings.writing.bulk import arrays_store
from apps.sensing.sensorthings.writing.context import Writing
from apps.sensing.sensorthings.writing.creating import entity_create, writing_begin
from apps.sensing.sensorthings.writing.observations import ReadingConflictError
from apps.sensing.sensorthings.writing.patches import patch_apply
from apps.sensing.sensorthings.writing.storing import conflicts_quarantine
from apps.sensing.sensorthings.writing.updating import entity_delete, entity_update

OK, CREATED, NO_CONTENT, NOT_ALLOWED = 200, 201, 204, 405


class StaView(APIView):
    """What all addresses have in common: keys, problems with a ``message``, links from the request's host."""

    schema = None
    authentication_classes = (SensorThingsKey, SessionAuthentication)
    programs = SAFE_METHODS

    @property
    def key_writes(self) -> str:
        """The scope that a key needs at this path."""
        return request_scope(str(self.request.method), self.request.path_info)

    def check_permissions(self, request: Request) -> None:
        """As everywhere; a key that lacks a scope, to read too, hears which."""
        if isinstance(request.auth, KeyFacts) and self.key_writes not in request.auth.scopes:
            raise scope_missing(self.key_writes)
        super().check_permissions(request)

    def get_throttles(self) -> list[BaseThrottle]:
        """As everywhere, but devices write as fast as they measure."""
        by_key = "Authorization" in self.request.headers
        return [] if by_key and self.request.method not in SAFE_METHODS else super().get_throttles()

    def handle_exception(self, exc: Exception) -> Response:
        """Problem+json with the sentence once more as ``message``, which SensorThings clients show."""
        if isinstance(exc, ReadingConflictError):  # its transaction has been taken back by now
            conflicts_quarantine(exc.conflicts, exc.table)
        response = super().handle_exception(exc)
        body = json.loads(response.content)
        response.content = json.dumps(body | {"message": body["detail"]}, ensure_ascii=False)
        return response

    def ask(self, request: Request) -> Ask:
        """Who asks, and where links begin."""
        root = request.build_absolute_uri(reverse("sensorthings")).rstrip("/")
        return Ask(Sight(request_viewer(request)), root)


class LandingView(StaView):
    """The landing page."""

    def get(self, request: Request) -> HttpResponse:
        """Entity sets and conformance."""
        return json_response(landing(self.ask(request).root))


class EntityView(StaView):
    """Every entity, collection and property."""

    def get(self, request: Request, resource: str) -> HttpResponse:
        """What is at the path."""
        ask = self.ask(request)
        pairs = [(name, text) for name, texts in request.query_params.lists() for text in texts]
        options = options_read(pairs)
        link = f"{ask.root}/{quote(resource.strip('/'), safe='/()$')}"
        with reading_within_limits():
            body = read_answer(ask, place_of(ask.sight, resource), options, link=link)
        if isinstance(body, str):
            return HttpResponse(body, content_type="text/plain; charset=utf-8")
        return HttpResponse(status=NO_CONTENT) if body is None else json_response(body)

    def post(self, request: Request, resource: str) -> HttpResponse:
        """A new entity in the collection at the path, or many observations at once."""
        ask, writing, asked = self.ask(request), self._writing(request), time.monotonic()
        if resource.strip("/") == "CreateObservations":
            with writing_within_limits():
                links = arrays_store(writing, body_of(request), root=ask.root)
            return json_response(links, status=CREATED)
        with writing_within_limits():
            place = place_of(ask.sight, resource)
            sent = body_of(request)
            condition = entity_create(writing, place, sent)
            made = replace(place, rows=writing.sight.rows(place.entity).filter(**condition), is_single=True)
            body = entity_body(ask, made, Options())
        if request.auth is not None and "datastream_id" in condition:
            poster, who = Poster(writing.domains[0], ask.root), who_of(request.headers.get, sent)
            POSTERS.remember(who, condition["datastream_id"], poster, asked=asked)
        return self._written(request, body, status=CREATED)

    def patch(self, request: Request, resource: str) -> HttpResponse:
        """The entity with some properties changed; a list is a JSON Patch."""
        return self._changed(request, resource, whole=False)

    def put(self, request: Request, resource: str) -> HttpResponse:
        """The entity with all its properties given anew."""
        return self._changed(request, resource, whole=True)

    def delete(self, request: Request, resource: str) -> HttpResponse:
        """The entity taken away."""
        with writing_within_limits():
            entity_delete(self._writing(request), self._one(request, resource))
        return HttpResponse()

    def _writing(self, request: Request) -> Writing:
        return writing_begin(self.ask(request).sight, Rights.of(request))

    def _one(self, request: Request, resource: str) -> Place:
        place = place_of(self.ask(request).sight, resource)
        if not place.is_single or place.property or place.ending:
            raise ProblemError(_("Name one entity, such as Things(1)."), "", NOT_ALLOWED)
        return place

    def _changed(self, request: Request, resource: str, *, whole: bool) -> HttpResponse:
        ask, changes = self.ask(request), body_of(request)
        with writing_within_limits():
            place = self._one(request, resource)
            if isinstance(changes, list):
                shown = entity_body(ask, place, Options())
                patched = patch_apply(shown, changes)
                changes = {name: value for name, value in patched.items() if shown.get(name) != value}
                changes |= dict.fromkeys(set(shown) - set(patched))
            entity_update(self._writing(request), place, changes, whole=whole)
            body = entity_body(ask, place, Options())
        return self._written(request, body, status=OK)

    def _written(self, request: Request, body: Any, *, status: int) -> HttpResponse:
        """The entity, or only its address for ``Prefer: return=minimal``."""
        minimal = "return=minimal" in request.headers.get("Prefer", "")
        answer = HttpResponse(status=status) if minimal else json_response(body, status=status)
        answer["Location"] = body["@iot.selfLink"]
        if minimal:
            answer["Preference-Applied"] = "return=minimal"
        return answer


def body_of(request: Request) -> Any:
    """The JSON value of a request; ProblemError where it is none, or holds texts that are none."""
    if not is_json(request.headers.get("Content-Type", "")):
        raise ProblemError(_("Send application/json."), "content-type", 415)
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    body = body_unpack(request.body, encoding=encoding, limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    try:
        value = json_read(body.decode("utf-8-sig"))
    except DuplicateMemberError as error:
        raise ProblemError(error.detail, error.name, code="duplicate") from error
    except (ValueError, RecursionError) as error:
        raise ProblemError(unread_sentence(error), "body") from error
    path = next(unstorable_paths(value), None)
    if path is not None:
        raise ProblemError(
            _("A NUL character or half of a surrogate pair is not text."), path, code="encoding"
        )
    return value


def json_response(body: Any, *, status: int = 200) -> HttpResponse:
    """A body as JSON."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, status=status, content_type="application/json")
