"""What a program got: rows and errors of each answer, written down after it is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from apps.catalogue.data import TokenFacts
from apps.catalogue.services.tokens import FACTS_KEY, use_record

GetResponse = Callable[[HttpRequest], HttpResponse]
LISTS = ("results", "features", "value")  # REST, GeoJSON, SensorThings


def program_use(get_response: GetResponse) -> GetResponse:
    """Keep the ledger; requests of people pass untouched."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        facts = request.META.get(FACTS_KEY)
        if isinstance(facts, TokenFacts):
            use_record(facts, status=response.status_code, rows=_rows(response), types=_types(request))
        return response

    return middleware


def _rows(response: HttpResponse) -> int:
    """How many records an answer holds; one for anything that is no list."""
    data: Any = getattr(response, "data", None)
    if isinstance(data, dict):
        data = next((data[name] for name in LISTS if isinstance(data.get(name), list)), data)
    return len(data) if isinstance(data, list) else 1


def _types(request: HttpRequest) -> tuple[str, ...]:
    """The object type that the view is about, where it says so."""
    view: Any = getattr(getattr(request.resolver_match, "func", None), "cls", None)
    model = getattr(getattr(view, "queryset", None), "model", None)
    return (model._meta.label,) if model is not None else ()
