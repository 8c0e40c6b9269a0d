"""Alarms: the list, one alarm with its history, and what people do with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from apps.accounts.data import Capability
from apps.alerts.selectors import alarms_waiting
from apps.alerts.services import alarm_acknowledge, alarm_shelve, alarm_unshelve
from apps.core.answers import PlainJson
from apps.core.domains import all_domains
from apps.core.errors import ProblemError
from apps.portal.selectors.alarms import (
    CLOSED,
    OPEN,
    SHELVED,
    alarm_lines,
    alarm_rate,
    alarms_listed,
    alarms_visible,
    dead_letters,
    events_of,
    longest_hold,
)
from apps.portal.selectors.curves import curve_around
from apps.portal.views.acts import act
from apps.portal.views.page import domains_with, needs, page
from apps.privacy.services.rest import request_viewer

PER_PAGE = 50
FILTERS = ("state", "domain", "priority")
TABS = (
    (OPEN, gettext_lazy("Open alarms")),
    (SHELVED, gettext_lazy("Shelved alarms")),
    (CLOSED, gettext_lazy("Closed alarms")),
)
HOURS = (
    ("1", gettext_lazy("1 hour")),
    ("8", gettext_lazy("8 hours")),
    ("24", gettext_lazy("1 day")),
    ("167", gettext_lazy("7 days")),
)


@needs(Capability.VIEW)
def alarms(request: HttpRequest) -> HttpResponse:
    """The list: what is open, by priority and age; what lies on the shelf; what is closed."""
    viewer = request_viewer(request)
    wanted = {name: request.GET.get(name, "") for name in FILTERS}
    wanted["state"] = wanted["state"] or OPEN
    found = Paginator(alarms_listed(viewer, wanted), PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "portal/alarms.html",
        title=_("Alarms"),
        rows=found,
        lines=alarm_lines(list(found), viewer),
        wanted=wanted,
        tabs=TABS,
        hours=HOURS,
        rate=alarm_rate(viewer),
        dead=dead_letters(viewer),
        longest_hold=longest_hold(viewer),
        handles=domains_with(viewer, Capability.HANDLE),
        domains=[domain for domain in all_domains() if domain.slug in viewer.domains],
    )


@needs(Capability.VIEW)
def alarms_count(request: HttpRequest) -> JsonResponse:
    """How many alarms wait for somebody."""
    return PlainJson({"count": alarms_waiting(request_viewer(request))})


@needs(Capability.VIEW)
def alarm(request: HttpRequest, pk: int) -> HttpResponse:
    """One alarm, what it means, and every act on it."""
    viewer = request_viewer(request)
    row = get_object_or_404(alarms_visible(viewer), pk=pk)
    line = alarm_lines([row], viewer)[0]
    return page(
        request,
        "portal/alarm.html",
        title=row.rule.title,
        line=line,
        lines=line["members"],
        hours=HOURS,
        events=events_of(viewer, row),
        curve=curve_around(viewer, row),
        handles=domains_with(viewer, Capability.HANDLE),
    )


def _back(request: HttpRequest) -> str:
    """The page that the act came from."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if is_ours else reverse("admin:alarms")


def _row(request: HttpRequest, pk: int) -> Any:
    return get_object_or_404(alarms_visible(request_viewer(request)), pk=pk)


@require_POST
@needs(Capability.HANDLE)
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Take note of an alarm or a group."""
    row, viewer, note = _row(request, pk), request_viewer(request), request.POST.get("note", "")[:200]
    return act(
        request,
        lambda: alarm_acknowledge(row, viewer=viewer, note=note),
        done=_("The alarm is acknowledged."),
        back=_back(request),
    )


@require_POST
@needs(Capability.HANDLE)
def shelve(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an alarm out of sight for some hours."""
    row, viewer = _row(request, pk), request_viewer(request)

    def deed() -> None:
        hours = request.POST.get("hours", "")
        if hours not in dict(HOURS):
            raise ProblemError(_("Choose how long."), "hours")
        until = timezone.now() + timedelta(hours=int(hours))
        alarm_shelve(row, until=until, reason=request.POST.get("reason", ""), viewer=viewer)

    return act(request, deed, done=_("The alarm is shelved."), back=_back(request))


@require_POST
@needs(Capability.HANDLE)
def unshelve(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring an alarm back."""
    row, viewer = _row(request, pk), request_viewer(request)
    return act(
        request,
        lambda: alarm_unshelve(row, viewer=viewer),
        done=_("The alarm is back."),
        back=_back(request),
    )
