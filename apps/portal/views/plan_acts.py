"""Acts on plans: take or stop the search, publish."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.data import Capability
from apps.portal.selectors.work import plans_visible
from apps.portal.views.acts import act
from apps.portal.views.page import needs
from apps.privacy.services.rest import request_viewer
from apps.scheduling.services import plan_publish, plan_wish


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
