"""The access log: for the offices that read it, for owners of a record, and for each person himself."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.selectors import user_get
from apps.audit.selectors.trail import (
    NEWEST,
    PAGE,
    Asked,
    custody_now,
    entries_asked,
    entries_of_user,
    syslog_lines,
)
from apps.audit.services import action_is
from apps.core.errors import ProblemError, problem_response
from apps.core.moments import day_read
from apps.core.numbers import whole_number
from apps.portal.selectors.log import (
    ACTIONS,
    RESULTS,
    lines_of,
    may_read_log,
    object_types_approved,
    record_key,
    record_seen_by,
    user_id_of,
)
from apps.portal.selectors.titles import object_title
from apps.portal.views.page import PermissionRefused, page
from apps.privacy.services.rest import request_viewer

FILTERS = ("user", "action", "result", "object", "pk", "purpose", "first", "last")


def access_log(request: HttpRequest) -> HttpResponse:
    """The log with filters, how it fares, and the way out to other systems."""
    _log_required(request)
    wanted, fault, found = _wanted(request), "", list[Any]()
    try:
        found = list(entries_asked(_asked(wanted)).filter(id__lt=_before(request))[: PAGE + 1])
    except ProblemError as error:
        fault = str(error.detail)
    return page(
        request,
        "portal/access_log.html",
        title=_("Access log"),
        lines=lines_of(found[:PAGE]),
        older=found[PAGE - 1].pk if len(found) > PAGE else None,
        wanted=wanted,
        fault=fault,
        custody=custody_now(),
        actions=ACTIONS,
        results=RESULTS,
        kinds=[(label, object_title(label)) for label in object_types_approved(request_viewer(request))],
    )


def access_log_export(request: HttpRequest) -> HttpResponseBase:
    """The chosen entries as syslog lines (RFC 5424); the export is an entry itself."""
    _log_required(request)
    action_is("export")
    try:
        lines = syslog_lines(entries_asked(_asked(_wanted(request))))
    except ProblemError as error:
        return problem_response(error)
    name = f"access-{timezone.localdate():%Y%m%d}.log"
    answer = StreamingHttpResponse(lines, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def access_who(request: HttpRequest) -> HttpResponse:
    """Who saw one record, asked by the auditor or by the approver of its owner."""
    viewer, types = request_viewer(request), object_types_approved(request_viewer(request))
    if not types:
        raise PermissionRefused(_("Your role does not allow this."))
    kind, key = (request.GET.get(name, "").strip() for name in ("object", "pk"))
    if kind and kind not in types:
        raise PermissionRefused(_("Your role does not allow this."))
    found = record_key(viewer, kind, key) if kind and key else ""
    lines = record_seen_by(viewer, kind, found, before=_before(request)) if found else []
    return page(
        request,
        "portal/access_who.html",
        title=_("Who saw this record"),
        lines=lines,
        older=lines[-1].entry.pk if len(lines) == PAGE else None,
        kinds=[(label, object_title(label)) for label in types],
        kind=kind,
        key=key,
        found=found,
    )


def my_trail(request: HttpRequest) -> HttpResponse:
    """What I did, when and for which purpose, and who approved my access."""
    user = user_get(request.user.pk or 0)
    if user is None:
        raise PermissionRefused(_("Your role does not allow this."))
    found = entries_of_user(user.pk, before=_before(request), most=PAGE + 1)
    grants = apps.get_model("accounts", "AccessGrant")._default_manager.filter(user=user)
    return page(
        request,
        "portal/my_trail.html",
        title=_("My data trail"),
        lines=lines_of(found[:PAGE]),
        older=found[PAGE - 1].pk if len(found) > PAGE else None,
        roles=user.grants.select_related("role", "granted_by"),
        grants=[(one, object_title(one.object_type)) for one in grants.select_related("approved_by")[:PAGE]],
        now=timezone.now(),
    )


def _log_required(request: HttpRequest) -> None:
    if not may_read_log(request_viewer(request)):
        raise PermissionRefused(_("Your role does not allow this."))


def _wanted(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "").strip() for name in FILTERS}


def _asked(wanted: dict[str, str]) -> Asked:
    """What the filters say; ProblemError names one that cannot be read."""
    user_id = None
    if wanted["user"]:
        user_id = user_id_of(wanted["user"])
        if user_id is None:
            raise ProblemError(_("There is no account with this name."), "user", 404)
    return Asked(
        user_id=user_id,
        action=wanted["action"],
        result=wanted["result"],
        object_type=wanted["object"],
        object_id=wanted["pk"],
        purpose=wanted["purpose"],
        first=_day(wanted, "first"),
        last=_day(wanted, "last"),
    )


def _day(wanted: dict[str, str], name: str) -> date | None:
    if not wanted[name]:
        return None
    day = day_read(wanted[name])
    if day is None:
        raise ProblemError(_("Write the day as 2026-11-02."), name)
    return day


def _before(request: HttpRequest) -> int:
    before = whole_number(request.GET.get("before"))
    return NEWEST if before is None else before
