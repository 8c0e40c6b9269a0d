"""Acts on plans: make one from the declared parameters, take or stop the search, publish."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.data import Capability
from apps.core.declarations import Parameter, Problem
from apps.core.domains import Domain, problems_by_id
from apps.core.errors import ProblemError
from apps.portal.selectors.work import plans_visible
from apps.portal.views.acts import act
from apps.portal.views.page import needs, page, require
from apps.privacy.services.rest import request_viewer
from apps.scheduling.services import plan_create, plan_publish, plan_wish

PREFIX = "p-"


def _problem(request: HttpRequest) -> tuple[str, Domain, Problem]:
    """The problem that the request names; 404 when no domain declares it."""
    problem_id = request.POST.get("problem") or request.GET.get("problem", "")
    if problem_id not in problems_by_id():
        raise Http404
    return (problem_id, *problems_by_id()[problem_id])


@needs(Capability.PLAN)
def plan_new(request: HttpRequest) -> HttpResponse:
    """The form; what was typed stays when a number is refused."""
    viewer = request_viewer(request)
    problem_id, domain, problem = _problem(request)
    require(viewer, domain.slug, Capability.PLAN)
    given = {item.key: request.POST.get(PREFIX + item.key, item.default) for item in problem.parameters}
    fault = ProblemError("")
    if request.method == "POST":
        try:
            row = plan_create(problem_id, parameters=given, viewer=viewer)
        except ProblemError as error:
            fault = error
        else:
            return redirect("admin:plan", row.pk)
    return page(
        request,
        "portal/plan_new.html",
        title=_("Make a plan"),
        problem_id=problem_id,
        problem=problem,
        fields=[(item, _number(item, given[item.key])) for item in problem.parameters],
        fault=fault,
    )


def _number(item: Parameter, value: float | str) -> float | str:
    return int(value) if item.whole and isinstance(value, float) else value


@require_POST
@needs(Capability.PLAN)
def plan_search_wish(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the solver to take the best answer so far, or to stop."""
    viewer, wish = request_viewer(request), request.POST.get("wish", "")
    if wish not in {"take", "cancel"}:
        raise Http404
    row = get_object_or_404(plans_visible(viewer), pk=pk)
    words = {"take": _("The best plan so far is taken."), "cancel": _("The search is asked to stop.")}
    return act(
        request,
        lambda: plan_wish(row, wish=wish, viewer=viewer),
        done=words[wish],
        back=reverse("admin:plan", args=[pk]),
    )


@require_POST
@needs(Capability.PUBLISH)
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the plan binding; from then on nobody changes it."""
    viewer = request_viewer(request)
    row = get_object_or_404(plans_visible(viewer), pk=pk)
    return act(
        request,
        lambda: plan_publish(row, viewer=viewer),
        done=_("The plan is published."),
        back=reverse("admin:plan", args=[pk]),
    )
