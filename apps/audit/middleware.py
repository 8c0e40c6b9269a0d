"""One entry in the access log for each request to an exit of data, whatever the answer was.

An act that writes its own entry is not written twice, unless the answer shows people's objects beyond those
that it names. When the log cannot be written, nothing leaves: the answer becomes a 503.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch
from django.utils.cache import patch_vary_headers

from apps.accounts.data import KeyFacts
from apps.audit.models import AccessEntry
from apps.audit.recorder import Record, request_recording
from apps.audit.services.reading import read_record
from apps.audit.services.requests import RequestFacts, request_act, result_of
from apps.core.errors import ProblemError, refusal

GetResponse = Callable[[HttpRequest], HttpResponseBase]
VIEWER_KEY = "cityplatform.viewer"  # where the policy kernel keeps whom it has found out
# Readings that come in are no exit; they are millions and have a place of their own.
INGEST = re.compile(r"/sta/v1\.\d/(?:.*/)?(?:Observations|CreateObservations)/?$")
PERSONAL_CACHING = "private, no-store"
DECIDING = ("Authorization", "X-Purpose", "Cookie")  # what an answer about people depends on
UNKNOWN = 401  # a stranger who is led to the login was refused


def access_log(get_response: GetResponse) -> GetResponse:
    """Write down what the exits have noted before the first byte of the answer leaves."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        with request_recording() as record:
            response = get_response(request)
        if request.resolver_match is not None and is_exit(request.path, request.method):
            try:
                _write(request, request.resolver_match, response, record)
            except ProblemError as error:
                return refusal(request, error)
        if record.is_personal:
            response["Cache-Control"] = PERSONAL_CACHING
        elif VIEWER_KEY in request.META:  # what the kernel made for one viewer is not for the next
            response.headers.setdefault("Cache-Control", PERSONAL_CACHING)
        else:
            return response
        patch_vary_headers(response, DECIDING)
        return response

    return middleware


def is_exit(path: str, method: str | None = "GET") -> bool:
    """Whether the address leads to data: it is neither free nor a door for readings."""
    if path.startswith(tuple(settings.AUDIT_FREE_PATHS)):
        return False
    return not (method == "POST" and INGEST.search(path))


def _write(request: HttpRequest, match: ResolverMatch, response: HttpResponseBase, record: Record) -> None:
    status, headers = response.status_code, response.headers
    done = result_of(status) == "done"
    is_written = bool(record.entries) and not (done and record.has_untold)
    if is_written and (done or AccessEntry.objects.filter(pk__in=record.entries).exists()):
        return
    user, address = getattr(request, "user", None), request.META.get("REMOTE_ADDR")
    if f"{REDIRECT_FIELD_NAME}=" in headers.get("Location", "") and not getattr(
        user, "is_authenticated", False
    ):
        status = UNKNOWN
    if not record.action and "attachment" in headers.get("Content-Disposition", ""):
        record.action = "export"
    key: Any = getattr(request, "auth", None)  # a refused key is named too
    known = getattr(user, "pk", None), key.viewer if isinstance(key, KeyFacts) else None
    user_id, viewer = request.META.get(VIEWER_KEY) or known
    facts = RequestFacts(request.method or "GET", status, match, viewer, user_id, address)
    read_record(request_act(facts, record))
