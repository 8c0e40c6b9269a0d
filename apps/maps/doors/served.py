"""The usual way: a Django view around an answering function; sessions and API keys both."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.data import READ, Viewer, acting_as
from apps.accounts.selectors import key_facts, key_text
from apps.audit.services import viewer_is
from apps.catalogue.services.tokens import UnknownTokenError, bearer_token, token_admit
from apps.core.errors import INSUFFICIENT, ProblemError, problem_response
from apps.maps.data import Answer, Asked
from apps.maps.doors.readers import READERS, Reader, fingerprint
from apps.privacy.services.asking import purpose_stated
from apps.privacy.services.rest import request_viewer

LOGIN = "login"
Answering = Callable[..., Answer]


def served(answering: Answering) -> Callable[..., HttpResponseBase]:
    """A view of ``answering(asked, **arguments)``; ``view.answering`` lets the short way find it."""

    @require_safe
    def view(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        began = time.monotonic()
        try:
            reader = Reader(
                viewer_of(request), get_language() or "", f"{request.scheme}://{request.get_host()}"
            )
            if reader.viewer.limits is None:  # programs are counted one request at a time
                READERS.remember(_fingerprint(request), reader, asked=began)
            with acting_as(reader.viewer):
                return respond(answering(asked_by(reader, request), **arguments))
        except ProblemError as error:
            return refuse(error)

    vars(view)["answering"] = answering
    return view


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer behind a session, a token or an API key with the scope ``read``; 401 for a stranger."""
    header = request.headers.get("Authorization", "")
    if token := bearer_token(header):
        viewer = _token_viewer(request, token)
    elif not header:
        viewer = request_viewer(request)
    else:
        viewer = replace(_key_viewer(header), purpose=purpose_stated(request))
    if viewer.user_id is None:
        raise ProblemError(_("Log in first."), status=401, code=LOGIN)
    viewer_is(viewer)
    return viewer


def _key_viewer(header: str) -> Viewer:
    facts = key_facts(key_text(header))
    if facts is None:
        raise ProblemError(_("This key is unknown or has ended."), status=401, code=LOGIN)
    if READ not in facts.scopes:
        detail = _("This key lacks the scope %(scope)s.") % {"scope": READ}
        raise ProblemError(detail, "scope", 403, INSUFFICIENT)
    return facts.viewer


def _token_viewer(request: HttpRequest, token: str) -> Viewer:
    try:
        return token_admit(request, token)[1]
    except UnknownTokenError as error:
        detail = _("This token is unknown, has expired or was revoked; fetch a new one.")
        raise ProblemError(detail, status=401, code=LOGIN) from error


def asked_by(reader: Reader, request: HttpRequest) -> Asked:
    """The question in a request."""
    header = request.headers
    accept, tag = header.get("Accept", ""), header.get("If-None-Match", "")
    return Asked(reader.viewer, reader.base, request.path, request.GET.dict(), accept, tag)


def respond(answer: Answer) -> HttpResponse:
    """An answer as Django sends it."""
    return HttpResponse(answer.body, content_type=answer.kind, status=answer.status, headers=answer.headers)


def refuse(error: ProblemError) -> HttpResponse:
    """A refusal as problem+json, which names the ways to log in."""
    response = problem_response(error)
    if error.code == LOGIN:
        response["WWW-Authenticate"] = "Bearer"
    elif error.code == INSUFFICIENT:
        response["WWW-Authenticate"] = f'Bearer error="{INSUFFICIENT}"'
    return response


def _fingerprint(request: HttpRequest) -> tuple[bytes, ...]:
    def header(name: bytes) -> bytes:
        return str(request.headers.get(name.decode(), "")).encode("latin-1", "replace")

    return fingerprint(header)
