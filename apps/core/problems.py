"""Below the addresses for programs every refusal is problem+json, whoever made it; a person gets a page.

Django answers an unknown address, a wrong method or a missing form token with HTML. The endpoints of the
token service speak as RFC 6749 says, and see to it themselves.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from apps.core.answers import PlainJson
from apps.core.errors import PROBLEM_TYPE, ProblemError, is_for_programs, problem, refusal
from apps.core.faults import failed_sentence
from apps.core.middleware import request_number

GetResponse = Callable[[HttpRequest], HttpResponse]
CONSENT = "/oauth/authorize/"  # a page for a person, when a browser asks
OAUTH = ("/oauth/token/", "/oauth/revoke_token/", "/oauth/introspect/")
KEPT = ("error", "error_description", "error_uri")
MADE_ANEW = {"content-type", "content-length"}


def problem_answers(get_response: GetResponse) -> GetResponse:
    """Refusals as problem+json where programs ask."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if _is_problem_of_oauth(request, response):
            return _as_oauth(response)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not is_for_programs(request.path):
            return _for_person(request, response)
        if response.status_code < HTTPStatus.BAD_REQUEST or not _is_for_program(request, response):
            return response
        return _as_problem(request, response)

    return middleware


def _is_problem_of_oauth(request: HttpRequest, response: HttpResponse) -> bool:
    kind = response.headers.get("Content-Type", "")
    return kind.startswith(PROBLEM_TYPE) and f"{request.path}/".startswith(OAUTH)


def _as_oauth(response: HttpResponse) -> HttpResponse:
    """A refusal from before the token service, such as bytes that are no text, as RFC 6749, 5.2 says."""
    detail = "A part of the request is no UTF-8 text, or is too large. Send form fields in UTF-8."
    body = {"error": "invalid_request", "error_description": detail}
    return PlainJson(body, status=response.status_code, headers={"Cache-Control": "no-store"})


def _for_person(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Django's empty page for a form's address that is opened like a page, with words."""
    answer = refusal(request, ProblemError(_sentence(request, response), status=response.status_code))
    answer["Allow"] = response.headers.get("Allow", "")
    return answer


def _is_for_program(request: HttpRequest, response: HttpResponse) -> bool:
    kind = response.headers.get("Content-Type", "")
    if response.streaming or kind.startswith(PROBLEM_TYPE) or not is_for_programs(request.path):
        return False
    path = f"{request.path}/"
    if kind.startswith("application/json") and path.startswith(OAUTH):
        return False
    return not (path.startswith(CONSENT) and "text/html" in request.headers.get("Accept", ""))


def _as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same refusal with its headers."""
    told = _body(response)
    detail = str(told.get("error_description") or told.get("detail") or _sentence(request, response))
    body = problem(response.status_code, detail) | {name: told[name] for name in KEPT if name in told}
    answer = PlainJson(body, status=response.status_code, content_type=PROBLEM_TYPE)
    for name, value in response.headers.items():
        if name.lower() not in MADE_ANEW:
            answer[name] = value
    answer.cookies = response.cookies
    return answer


def _body(response: HttpResponse) -> dict[str, Any]:
    try:
        told = json.loads(response.content)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _sentence(request: HttpRequest, response: HttpResponse) -> str:
    sentences = {
        400: _("The request cannot be read; check its encoding and its fields."),
        401: _("Log in first."),
        403: _("Your role does not allow this."),
        404: _("There is nothing at this address, or you may not see it."),
        405: _("This address takes only: %(methods)s.") % {"methods": response.headers.get("Allow", "")},
        413: _("The body is too large; send it in parts."),
    }
    if response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR:
        return failed_sentence(request_number(request))
    return sentences.get(response.status_code, response.reason_phrase)
