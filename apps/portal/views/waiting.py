"""One inbox over every kind of request that the viewer decides."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from apps.portal.selectors.waiting import waiting_lines
from apps.portal.views.page import page
from apps.privacy.services.rest import request_viewer


def waiting(request: HttpRequest) -> HttpResponse:
    """What waits, the most urgent first."""
    lines = waiting_lines(request_viewer(request))
    return page(request, "portal/waiting.html", title=_("Waiting for your decision"), lines=lines)
