"""Plan versions: the list, one version with its routes, two of them side by side."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.core.declarations import Problem
from apps.core.domains import problems_by_id
from apps.core.numbers import whole_number
from apps.portal.selectors.plans import (
    cost_unit,
    parameter_rows,
    plan_changes,
    problem_title,
    routes_with_stops,
    speeds_used,
)
from apps.portal.selectors.work import plans_visible
from apps.portal.views.page import needs, page
from apps.privacy.services.rest import request_viewer

PER_PAGE = 30
PUBLISHABLE = "checked"


def problems_for(viewer: Viewer) -> dict[str, Problem]:
    """The problems that the viewer may plan, by id."""
    return {
        key: problem
        for key, (domain, problem) in problems_by_id().items()
        if viewer.may(domain.slug, Capability.PLAN)
    }


@needs(Capability.VIEW)
def plans(request: HttpRequest) -> HttpResponse:
    """The list, newest first, and the problems that the viewer may plan."""
    viewer = request_viewer(request)
    rows = Paginator(plans_visible(viewer).select_related("job"), PER_PAGE)
    found = rows.get_page(request.GET.get("page"))
    lines = [{"plan": row, "problem": problem_title(row.problem)} for row in found]
    problems = problems_for(viewer)
    return page(request, "portal/plans.html", title=_("Plans"), rows=found, lines=lines, problems=problems)


@needs(Capability.VIEW)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: the solver at work, then routes, what is not served, and publication."""
    viewer = request_viewer(request)
    row = get_object_or_404(plans_visible(viewer).select_related("job"), pk=pk)
    routes = routes_with_stops(viewer, row)
    in_force = plans_visible(viewer).filter(problem=row.problem, division=row.division, state="published")
    solving = row.job is not None and not row.job.is_final
    publishable, may_publish = (
        row.state == PUBLISHABLE and not solving,
        viewer.may(row.domain, Capability.PUBLISH),
    )
    return page(
        request,
        "portal/plan.html",
        title=f"{problem_title(row.problem)} · v{row.version}",
        plan=row,
        job=row.job,
        routes=routes,
        stop_count=sum(len(item["stops"]) for item in routes),
        parameters=parameter_rows(row),
        speeds=speeds_used(row),
        cost_unit=cost_unit(row.problem),
        current=in_force.exclude(pk=pk).first(),
        others=plans_visible(viewer).filter(problem=row.problem).exclude(pk=pk)[:PER_PAGE],
        solving=solving,
        may_plan=viewer.may(row.domain, Capability.PLAN),
        may_publish=publishable and may_publish,
        awaits_publication=publishable and not may_publish,
    )


@needs(Capability.VIEW)
def plans_compare(request: HttpRequest) -> HttpResponse:
    """Two versions of one problem: figures side by side and only the visits that differ."""
    viewer = request_viewer(request)
    rows = plans_visible(viewer)
    before = get_object_or_404(rows, pk=_number(request, "a"))
    after = get_object_or_404(rows, pk=_number(request, "b"), problem=before.problem)
    values = zip(parameter_rows(before), parameter_rows(after), strict=True)
    return page(
        request,
        "portal/compare.html",
        title=_("Compare two plans"),
        before=before,
        after=after,
        problem=problem_title(before.problem),
        parameters=[(item, was, now) for (item, was), (_same, now) in values],
        changes=plan_changes(viewer, before, after),
    )


def _number(request: HttpRequest, name: str) -> int:
    return whole_number(request.GET.get(name)) or 0
