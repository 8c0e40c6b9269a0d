"""The form that makes a plan: numbers, choices, a day, and places on a map, as the problem declares them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.core.declarations import Parameter, Problem
from apps.core.domains import Domain, problems_by_id
from apps.core.errors import ProblemError
from apps.portal.selectors.plan_form import Offer, SmallMap, places_offered, small_map
from apps.portal.views.page import needs, page, require
from apps.privacy.services.rest import request_viewer
from apps.scheduling.services import plan_create
from apps.scheduling.services.parameters import parameters_check

PREFIX = "p-"
NAMED = "sites"  # of the address: codes of places that another page has chosen, between commas


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter in the form with what was typed, or its default."""

    item: Parameter
    value: Any
    offers: list[Offer]
    map: SmallMap | None
    first: date
    last: date

    @property
    def chosen(self) -> list[str]:
        """The codes that are chosen."""
        return self.value if isinstance(self.value, list) else [self.value]


@needs(Capability.PLAN)
def plan_new(request: HttpRequest) -> HttpResponse:
    """The form; what was typed stays when it is refused."""
    viewer = request_viewer(request)
    problem_id, domain, problem = _problem(request)
    require(viewer, domain.slug, Capability.PLAN)
    given = {item.key: _given(item, request.POST) for item in problem.parameters}
    fault = ProblemError("")
    try:
        if request.method == "POST":
            return redirect("admin:plan", plan_create(problem_id, parameters=given, viewer=viewer).pk)
        given |= _named(request, problem)
        parameters_check(problem.parameters, given, viewer=viewer)
    except ProblemError as error:
        fault = error
    return page(
        request,
        "portal/plan_new.html",
        title=_("Make a plan"),
        problem_id=problem_id,
        problem=problem,
        fields=[_field(viewer, domain, item, given[item.key]) for item in problem.parameters],
        fault=fault,
        fault_title=next((item.title for item in problem.parameters if item.key == fault.field), ""),
    )


def _problem(request: HttpRequest) -> tuple[str, Domain, Problem]:
    """The problem that the request names; 404 when no domain declares it."""
    problem_id = request.POST.get("problem") or request.GET.get("problem", "")
    if problem_id not in problems_by_id():
        raise Http404
    return (problem_id, *problems_by_id()[problem_id])


def _given(item: Parameter, data: QueryDict) -> Any:
    if item.kind == "places":
        return data.getlist(PREFIX + item.key)
    return data.get(PREFIX + item.key, item.default)


def _named(request: HttpRequest, problem: Problem) -> dict[str, list[str]]:
    """The places that the address names, for the first parameter that takes several."""
    codes = [code.strip() for text in request.GET.getlist(NAMED) for code in text.split(",") if code.strip()]
    takes = next((item.key for item in problem.parameters if item.kind == "places"), None)
    return {takes: list(dict.fromkeys(codes))} if takes and codes else {}


def _field(viewer: Viewer, domain: Domain, item: Parameter, value: Any) -> Field:
    today = timezone.localdate()
    shown = int(value) if isinstance(value, float) and value.is_integer() else value
    named = value if isinstance(value, list) else [value] if value else []
    offers = places_offered(viewer, item, named) if item.places else []
    drawn = small_map(viewer, domain, offers) if item.kind == "places" else None
    begin, end = (item.low, item.high) if item.kind == "date" else (0, 0)
    first, last = (today + timedelta(days=days) for days in (begin, end))
    return Field(item, shown, offers, drawn, first, last)
