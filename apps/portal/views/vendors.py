"""Contractors' access to real rows: given for a ticket and some hours, ended with the ticket."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.data import Capability
from apps.accounts.selectors import session_is_fresh, vendors_active
from apps.core.numbers import whole_number
from apps.portal.selectors.approvals import approves_in, object_choices, vendor_lines
from apps.portal.views.acts import act
from apps.portal.views.page import needs, page
from apps.privacy.services.rest import request_viewer
from apps.privacy.services.vendors import LONGEST_HOURS, vendor_access_end, vendor_access_give


@needs(Capability.APPROVE)
def vendors(request: HttpRequest) -> HttpResponse:
    """Open accesses in the domains in which one approves, and the form for a new one."""
    slugs = approves_in(request_viewer(request))
    return page(
        request,
        "portal/vendors.html",
        title=_("Contractors"),
        lines=vendor_lines(slugs),
        people=vendors_active(),
        kinds=object_choices(slugs),
        hours=range(1, LONGEST_HOURS + 1),
        is_fresh=session_is_fresh(request.session),
    )


@require_POST
@needs(Capability.APPROVE)
def vendor_give(request: HttpRequest) -> HttpResponse:
    """Open real rows of one kind for a contractor."""
    user, hours = (request.POST.get(name, "") for name in ("user", "hours"))
    return act(
        request,
        lambda: vendor_access_give(
            whole_number(user) or 0,
            object_type=request.POST.get("object_type", ""),
            ticket=request.POST.get("ticket", ""),
            hours=whole_number(hours, high=LONGEST_HOURS) or 0,
            viewer=request_viewer(request),
        ),
        done=_("The access is open until its hours are over."),
        back=reverse("admin:vendors"),
    )


@require_POST
@needs(Capability.APPROVE)
def vendor_end(request: HttpRequest) -> HttpResponse:
    """The ticket is closed."""
    return act(
        request,
        lambda: vendor_access_end(
            object_type=request.POST.get("object_type", ""),
            ticket=request.POST.get("ticket", ""),
            viewer=request_viewer(request),
        ),
        done=_("The access has ended, at every exit."),
        back=reverse("admin:vendors"),
    )
