"""For people who write programs: programs, keys, scopes, use, examples; and the working-day calendar."""

from __future__ import annotations

import calendar as months
from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from apps.accounts.data import Capability
from apps.accounts.selectors import keys_of, user_get
from apps.accounts.services.keys import api_key_revoke, own_key_create
from apps.catalogue.selectors.days import years_known
from apps.catalogue.selectors.entries import is_bureau
from apps.catalogue.selectors.listing import calendar_days, clients_of, use_of
from apps.catalogue.selectors.tokens import scopes_of
from apps.catalogue.services.clients import BROWSER, MACHINE, client_create, client_end, client_rotate
from apps.catalogue.services.days import calendar_day_set, calendar_year_open
from apps.catalogue.services.notices import signing_key
from apps.core.domains import all_domains
from apps.core.errors import ProblemError
from apps.core.moments import day_read
from apps.core.numbers import whole_number
from apps.portal.views.acts import act
from apps.portal.views.page import needs, page
from apps.portal.words_sharing import CHANGES
from apps.privacy.services.rest import request_viewer

LAST_YEAR = 9999
WANTED = ("name", "flow", "redirect_uris", "webhook_url")


@never_cache
@needs(Capability.VIEW)
def developer(request: HttpRequest) -> HttpResponse:
    """Programs of the viewer; a secret is shown on the answer to the form that made it, and never again."""
    viewer, shown = request_viewer(request), {}
    if request.method == "POST":
        shown = _done(request)
    programs = [
        {
            "client": client,
            "scopes": sorted(scopes_of(client)),
            "use": use_of(client),
            "signing_key": signing_key(client) if client.webhook_url else "",
        }
        for client in clients_of(viewer)
    ]
    return page(
        request,
        "portal/developer.html",
        title=_("For developers"),
        programs=programs,
        flows=((MACHINE, _("A server (client credentials)")), (BROWSER, _("People log in (code and PKCE)"))),
        changes=CHANGES,
        base=request.build_absolute_uri("/").rstrip("/"),
        now=timezone.now(),
        keys=keys_of(viewer.user_id),
        domains=[one for one in all_domains() if one.slug in viewer.domains],
        values={name: request.POST.get(name, "") for name in WANTED} if "fault" in shown else {},
        **shown,
    )


def _done(request: HttpRequest) -> dict[str, Any]:
    viewer, wish = request_viewer(request), request.POST.get("act", "")
    if wish in {"key_create", "key_revoke"}:
        return _key_done(request)
    try:
        if wish == "create":
            values = {name: request.POST.get(name, "").strip() for name in WANTED}
            client, secret = client_create(viewer=viewer, **values)
            return {"secret": secret, "fresh": client}
        client = get_object_or_404(clients_of(viewer), pk=whole_number(request.POST.get("client")))
        if wish == "rotate":
            return {"secret": client_rotate(client, viewer=viewer), "fresh": client}
        client_end(client, viewer=viewer)
        messages.success(request, _("The program “%(name)s” has ended.") % {"name": client.name})
    except ProblemError as error:
        return {"fault": {"field": error.field, "detail": str(error.detail)}}
    return {}


def _key_done(request: HttpRequest) -> dict[str, Any]:
    """Make or end a key of the viewer's own; what went wrong stands beside the form."""
    viewer, given = request_viewer(request), request.POST
    try:
        if given.get("act") == "key_revoke":
            key = get_object_or_404(keys_of(viewer.user_id), pk=whole_number(given.get("key", "")))
            api_key_revoke(key, by=user_get(viewer.user_id or 0))
            messages.success(request, _("The key “%(name)s” has ended.") % {"name": key.name})
            return {}
        scopes = [*given.getlist("scopes"), *given.get("more_scopes", "").split()]
        key, text = own_key_create(
            viewer,
            name=given.get("key_name", ""),
            domain=given.get("domain", ""),
            scopes=scopes,
            until=_end_of(given.get("until", "")),
        )
    except ProblemError as error:
        return {"key_fault": str(error.detail)}
    return {"key_text": text, "fresh_key": key}


def _end_of(text: str) -> datetime | None:
    """The last moment of a day; None for an empty field."""
    return timezone.make_aware(datetime.combine(_day(text), time.max)) if text else None


@needs(Capability.VIEW)
def work_calendar(request: HttpRequest) -> HttpResponse:
    """The working days of a year; the data bureau changes them."""
    if request.method == "POST":
        return _calendar_changed(request)
    today = timezone.localdate()
    year = whole_number(request.GET.get("year"), low=1, high=LAST_YEAR) or today.year
    return page(
        request,
        "portal/work_calendar.html",
        title=_("Working-day calendar"),
        year=year,
        years=sorted({*years_known(), today.year, today.year + 1}),
        months=_months(year),
        may=is_bureau(request_viewer(request)),
        today=today,
    )


def _months(year: int) -> list[tuple[date, list[list[Any]]]]:
    """Each month as weeks from Monday; None where a week reaches into another month."""
    rows = {row.day: row for row in calendar_days(year)}
    if not rows:
        return []
    weeks = months.Calendar()
    return [
        (
            date(year, month, 1),
            [
                [{"day": day, "row": rows.get(day)} if day.month == month else None for day in week]
                for week in weeks.monthdatescalendar(year, month)
            ],
        )
        for month in range(1, 13)
    ]


def _calendar_changed(request: HttpRequest) -> HttpResponse:
    viewer = request_viewer(request)

    def deed() -> None:
        text = request.POST.get("open", "")
        if text:
            calendar_year_open(whole_number(text, high=LAST_YEAR) or 0, viewer=viewer)
            return
        day = _day(request.POST.get("day", ""))
        working, note = request.POST.get("working") == "yes", request.POST.get("note", "")
        calendar_day_set(day, working=working, note=note, viewer=viewer)

    return act(request, deed, done=_("The calendar is changed."), back=_back(request))


def _day(text: str) -> date:
    day = day_read(text)
    if day is None:
        raise ProblemError(_("Choose a day."), "day")
    return day


def _back(request: HttpRequest) -> str:
    year = (request.POST.get("open") or request.POST.get("day", ""))[:4]
    address = reverse("admin:work_calendar")
    return f"{address}?year={year}" if whole_number(year) is not None else address
