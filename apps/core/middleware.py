"""One request id per request, in every log line and in the answer."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram
from structlog.contextvars import bind_contextvars, clear_contextvars

ACCEPTED_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
NUMBER = "HTTP_X_REQUEST_ID"  # in META, which ``request.headers`` may have been read from before
GetResponse = Callable[[HttpRequest], HttpResponse]
ANSWERS = Counter(
    "cityplatform_answers", "Answers by method, route and status.", ["method", "route", "status"]
)
SECONDS = Histogram("cityplatform_answer_seconds", "Seconds to answer.", ["method", "route"])
log = structlog.get_logger("requests")


def number_accepted(given: str) -> str:
    """The number of a request: the caller's own where it is one, else a new one."""
    return given if ACCEPTED_ID.fullmatch(given) else uuid.uuid4().hex


def request_number(request: HttpRequest) -> str:
    """The number under which the logs keep a request, and which its answer carries."""
    return str(request.META.get(NUMBER, ""))


def request_context(get_response: GetResponse) -> GetResponse:
    """Bind the request id to the logs and log each answer by method, route and status, never the URL."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request_id = number_accepted(request.META.get(NUMBER, ""))
        clear_contextvars()
        bind_contextvars(request_id=request_id)
        request.META[NUMBER] = request_id
        began = time.perf_counter()
        response = get_response(request)
        response["X-Request-ID"] = request_id
        route = request.resolver_match.route if request.resolver_match else ""
        ANSWERS.labels(request.method, route, response.status_code).inc()
        SECONDS.labels(request.method, route).observe(time.perf_counter() - began)
        log.info("request_answered", method=request.method, route=route, status=response.status_code)
        return response

    return middleware
