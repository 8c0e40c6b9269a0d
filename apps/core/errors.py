"""Errors as problem+json (RFC 9457): every refusal names the field and the fix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.core.exceptions import (
    BadRequest,
    EmptyResultSet,
    PermissionDenied,
    RequestDataTooBig,
    ValidationError,
)
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from rest_framework import exceptions, status
from rest_framework.serializers import as_serializer_error

from apps.core.answers import PlainJson
from apps.core.sentences import sentence as _
from apps.core.texts import text_clean

PROBLEM_TYPE = "application/problem+json"
INSUFFICIENT = "insufficient_scope"  # RFC 6750, 3.1: known, but not for this
LONGEST_NAME = 60
FOR_PROGRAMS = ("/api/", "/ogc/", "/sta/", "/oauth/", "/tiles/")
# What a value of the caller can do wrong (PostgreSQL, class 22): too large a number, text that is too long or
# no text, no number, no time, no regular expression. Anything else of that class is a fault of ours.
VALUE_STATES = {"22001", "22003", "22007", "22008", "22021", "22P02", "22P05", "2201B", None}
OF_READING = (EmptyResultSet, OverflowError, UnicodeEncodeError, RecursionError)
OF_VALUES = (DataError, *OF_READING)
log = structlog.get_logger("errors")


@dataclass
class ProblemError(Exception):
    """Something the caller can mend: a sentence, the field it is about, and the HTTP status."""

    detail: str | Promise
    field: str = ""
    status: int = status.HTTP_400_BAD_REQUEST
    code: str = "invalid"

    def __str__(self) -> str:
        return str(self.detail)


class UnreadableError(BadRequest):
    """A part of the request holds signs that are no text; Django answers with its ``handler400``."""

    def __init__(self, name: str) -> None:
        self.field = text_clean(name, LONGEST_NAME)
        super().__init__(self.field)

    @property
    def problem(self) -> ProblemError:
        """The refusal in the caller's language."""
        detail = _("This holds a NUL character, or bytes that are not UTF-8 text. Send it as UTF-8.")
        return ProblemError(detail, self.field, code="encoding")


def problem(status_code: int, detail: str, errors: Sequence[Mapping[str, str]] = ()) -> dict[str, Any]:
    """The body of a problem answer; ``errors`` holds one ``field``, ``code``, ``detail`` per fault."""
    return {
        "type": "about:blank",
        "title": str(TITLES.get(status_code, pgettext_lazy("status", "Error"))),
        "status": status_code,
        "detail": text_clean(detail),  # it may quote what was sent
        "errors": [dict(error) for error in errors],
    }


TITLES = {
    400: pgettext_lazy("status", "Bad request"),
    401: pgettext_lazy("status", "Not logged in"),
    403: pgettext_lazy("status", "Not allowed"),
    404: pgettext_lazy("status", "Not found"),
    405: pgettext_lazy("status", "Method not allowed"),
    406: pgettext_lazy("status", "Not acceptable"),
    409: pgettext_lazy("status", "Conflict"),
    413: pgettext_lazy("status", "Too large"),
    415: pgettext_lazy("status", "Unsupported media type"),
    429: pgettext_lazy("status", "Too many requests"),
    500: pgettext_lazy("status", "Fault of the server"),
    503: pgettext_lazy("status", "Not ready"),
}


NOTHING_SENT = gettext_lazy("Send a JSON object with the fields; this body holds none.")
FORM_TOKEN = gettext_lazy("The form token is missing or too old. Load the page again, or use a key.")
# DRF's own sentences for what it finds itself; in no other language than English and, partly, Chinese.
OF_FRAMEWORK = {
    "MethodNotAllowed": gettext_lazy("This address has no such method; the header Allow names those it has."),
    "NotAuthenticated": gettext_lazy("Log in first."),
    "NotAcceptable": gettext_lazy("This address answers in JSON; ask for application/json."),
}


def _flatten(detail: Any, path: str = "") -> list[dict[str, str]]:
    """DRF's nested error detail as one flat list; the path joins names and indexes with dots."""
    if isinstance(detail, Mapping):
        return [row for key, value in detail.items() for row in _flatten(value, f"{path}.{key}".strip("."))]
    if isinstance(detail, list):
        return [
            row
            for index, value in enumerate(detail)
            for row in _flatten(
                value, path if not isinstance(value, Mapping) else f"{path}.{index}".strip(".")
            )
        ]
    sentence = NOTHING_SENT if str(detail) == "No data provided" else detail  # of DRF, English only
    return [{"field": path, "code": getattr(detail, "code", "invalid"), "detail": str(sentence)}]


def problem_response(error: ProblemError) -> JsonResponse:
    """The answer for one ``ProblemError`` outside DRF."""
    body = problem(error.status, str(error.detail), _rows(error))
    return PlainJson(body, status=error.status, content_type=PROBLEM_TYPE)


def refusal(request: HttpRequest, error: ProblemError) -> HttpResponse:
    """The answer for one ``ProblemError`` outside DRF: a page for a person's browser, else problem+json."""
    if not is_person(request):
        return problem_response(error)
    return render(request, "400.html", {"problem": error}, status=error.status)


def is_person(request: HttpRequest) -> bool:
    """Whether a refusal is read by a person: at an address of pages, by who takes a page or anything."""
    taken = request.headers.get("Accept", "")
    return not is_for_programs(request.path_info) and ("text/html" in taken or "*/*" in taken)


def is_for_programs(path: str) -> bool:
    """Whether an address belongs to programs, whoever asks it."""
    return f"{path}/".startswith(FOR_PROGRAMS)


def _rows(error: ProblemError) -> list[dict[str, str]]:
    return [{"field": error.field, "code": error.code, "detail": str(error.detail)}] if error.field else []


def input_fault(error: Exception) -> ProblemError | None:
    """The refusal for an error that only a value of the caller can bring about; None for any other."""
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, UnreadableError):
        return error.problem
    state = getattr(error.__cause__, "sqlstate", None) if isinstance(error, DataError) else ""
    if state not in VALUE_STATES and not isinstance(error, OF_READING):
        return None
    log.warning("value_refused", kind=type(error).__name__, state=state)
    return ProblemError(_("A value is too large, too long, or not of the kind that is asked for."))


def problem_handler(error: Exception, context: dict[str, Any]) -> JsonResponse | None:
    """DRF's exception handler: whatever a view raises becomes problem+json, never a 500 for bad input."""
    fault = input_fault(error)
    if fault is not None:
        headers = {"WWW-Authenticate": f'Bearer error="{INSUFFICIENT}"'} if fault.code == INSUFFICIENT else {}
        return _respond(fault.status, str(fault.detail), _rows(fault), headers)
    # Not at the top: DRF's views load the authentication classes, which raise ProblemError.
    from rest_framework.views import exception_handler

    if isinstance(error, ValidationError):
        error = exceptions.ValidationError(as_serializer_error(error))
    if isinstance(error, exceptions.UnsupportedMediaType):
        error = exceptions.UnsupportedMediaType("", _media_types(context))
    response = exception_handler(error, context)
    if response is None:
        return None
    rows = _flatten(response.data) if isinstance(error, exceptions.ValidationError) else []
    headers = {
        name: response[name] for name in ("Retry-After", "WWW-Authenticate", "Allow") if name in response
    }
    return _respond(response.status_code, _sentence(error, rows), rows, headers)


def _media_types(context: Mapping[str, Any]) -> str:
    """In words, what the view takes as a body."""
    listed = ", ".join(parser.media_type for parser in context["view"].get_parsers())
    return str(_("Send the body as %(types)s.") % {"types": listed})


def _sentence(error: Exception, rows: Sequence[Mapping[str, str]]) -> str:
    if rows:
        sentence = ngettext(
            "The request has %(count)d fault; see errors.",
            "The request has %(count)d faults; see errors.",
            len(rows),
        )
        return sentence % {"count": len(rows)}
    if isinstance(error, Http404):
        return _("There is nothing at this address, or you may not see it.")
    if isinstance(error, PermissionDenied):
        return str(error) or _("Your role does not allow this.")
    detail = str(getattr(error, "detail", error))
    if detail.startswith("CSRF Failed"):
        return str(FORM_TOKEN)
    return str(OF_FRAMEWORK.get(type(error).__name__, detail))


def _respond(
    code: int, detail: str, rows: Sequence[Mapping[str, str]], headers: Mapping[str, str]
) -> JsonResponse:
    """JSON whatever the view answers in otherwise (YAML, CSV, JSON-LD)."""
    if code == status.HTTP_403_FORBIDDEN:
        log.info("request_refused", detail=detail)
    body = problem(code, detail, rows)
    return PlainJson(body, status=code, headers=dict(headers), content_type=PROBLEM_TYPE)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400."""
    log.info("request_unreadable", kind=type(exception).__name__)
    if isinstance(exception, UnreadableError):
        return refusal(request, exception.problem)
    if isinstance(exception, RequestDataTooBig):
        return refusal(request, ProblemError(_("The body is too large; send it in parts."), status=413))
    return refusal(request, ProblemError(_("The request cannot be read; check its encoding and its fields.")))
