"""The second factor: set it up, give it, and confirm again before an act that needs it."""

from __future__ import annotations

import json
from typing import Any

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.selectors import (
    factor_is_due,
    session_is_fresh,
    session_is_strong,
    session_may_enrol,
)
from apps.accounts.services.second_factor import (
    factors_of,
    recovery_codes,
    security_key_ask,
    security_key_begin,
    security_key_enrol,
    totp_enrol,
    totp_picture,
)
from apps.accounts.services.sessions import confirm as session_confirm
from apps.accounts.services.sessions import second_factor_give, session_strengthen
from apps.core.errors import ProblemError
from apps.portal.views.page import page

PENDING = "second_factor_pending"  # where the session keeps a secret that no code has proved yet


@never_cache
@require_GET
def second_factor(request: HttpRequest) -> HttpResponse:
    """What the person has, or the way to have it."""
    return _answer(request)


def _answer(request: HttpRequest, *, fault: ProblemError | None = None, codes: Any = ()) -> HttpResponse:
    user: Any = request.user
    kinds, strong = factors_of(user) - {"recovery_codes"}, session_is_strong(request.session)
    context: dict[str, Any] = {"kinds": kinds, "strong": strong, "fault": fault, "codes": codes}
    context |= {"next": _next(request), "is_duty": _is_duty(request)}
    context["title"] = _title(is_due=bool(kinds and not strong), codes=codes)
    if kinds and not strong:
        context["ask"] = json.dumps(security_key_ask(user)) if "webauthn" in kinds else ""
    elif _may_enrol(request, kinds):
        context |= _enrolment(request, kinds)
    return _in_frame(request, context, status=fault.status if fault else 200)


def _title(*, is_due: bool, codes: Any) -> str:
    if codes:
        return _("Your recovery codes")
    return _("Enter your second factor") if is_due else _("Second factor")


def _in_frame(request: HttpRequest, context: dict[str, Any], *, status: int) -> HttpResponse:
    """With the menu, unless every entry of it would lead back to this page."""
    if context["is_duty"] and not context["strong"]:
        context["frame"] = "plain.html"
        return render(request, "portal/second_factor.html", context, status=status)
    answer = page(request, "portal/second_factor.html", frame="portal/page.html", **context)
    answer.status_code = status
    return answer


def _is_duty(request: HttpRequest) -> bool:
    user: Any = request.user
    return factor_is_due(request.session, user)


def _may_enrol(request: HttpRequest, kinds: set[str]) -> bool:
    """A first factor right after the password; a further one by somebody who has just shown who they are.

    A session that was left open hours ago must bind nothing: its factor would count as that person's.
    """
    if not kinds:
        return session_may_enrol(request.session)
    return session_is_strong(request.session) and session_is_fresh(request.session)


def _enrolment(request: HttpRequest, kinds: set[str]) -> dict[str, Any]:
    user: Any = request.user
    context: dict[str, Any] = {"may_enrol": True, "make": json.dumps(security_key_begin(user))}
    if "totp" not in kinds:
        secret = request.session.setdefault(PENDING, generate_totp_secret())
        context |= {"picture": totp_picture(user, secret), "secret": secret}
    return context


@never_cache
@require_POST
def second_factor_app(request: HttpRequest) -> HttpResponse:
    """Set up the authenticator app whose code is right."""
    secret, code = request.session.get(PENDING, ""), request.POST.get("code", "")
    return _enrolled(request, lambda user: totp_enrol(user, secret=secret, code=code))


@never_cache
@require_POST
def second_factor_key(request: HttpRequest) -> HttpResponse:
    """Set up a security key."""
    name, credential = request.POST.get("name", ""), request.POST.get("credential", "")
    return _enrolled(request, lambda user: security_key_enrol(user, name=name, credential=credential))


def _enrolled(request: HttpRequest, enrol: Any) -> HttpResponse:
    """Enrol and show the recovery codes, or the page again with what was wrong."""
    user: Any = request.user
    if not _may_enrol(request, factors_of(user) - {"recovery_codes"}):
        return HttpResponseRedirect(reverse("admin:second_factor"))
    is_first = not factors_of(user)
    try:
        codes = enrol(user)
    except ProblemError as error:
        return _answer(request, fault=error)
    request.session.pop(PENDING, None)
    session_strengthen(request)
    return _answer(request, codes=codes if is_first else ())


@never_cache
@require_POST
def second_factor_check(request: HttpRequest) -> HttpResponse:
    """Take the code or the signature of the security key."""
    user: Any = request.user
    try:
        second_factor_give(request, user, **_proof(request))
    except ProblemError as error:
        return _answer(request, fault=error)
    return HttpResponseRedirect(_next(request))


@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """Password or second factor once more; opens reveals and approvals for five minutes."""
    user: Any = request.user
    fault = None
    if request.method == "POST":
        try:
            session_confirm(request, user, password=request.POST.get("password", ""), **_proof(request))
        except ProblemError as error:
            fault = error
        else:
            if "again" in request.GET:  # an act was refused until now, and is not done by itself
                messages.success(request, _("Your identity is confirmed. Now carry out the act again."))
            return HttpResponseRedirect(_next(request))
    kinds = factors_of(user)
    ask = json.dumps(security_key_ask(user)) if "webauthn" in kinds else ""
    context = {"fault": fault, "kinds": kinds, "ask": ask, "next": _next(request)}
    return page(request, "portal/confirm.html", title=_("Confirm that it is you"), **context)


@never_cache
@require_POST
def recovery(request: HttpRequest) -> HttpResponse:
    """The recovery codes that are left, for somebody who has just shown who he is."""
    user: Any = request.user
    if not session_is_fresh(request.session) or not session_is_strong(request.session):
        return HttpResponseRedirect(f"{reverse('admin:confirm')}?next={reverse('admin:second_factor')}")
    return _answer(request, codes=recovery_codes(user))


def _proof(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("code", "credential")}


def _next(request: HttpRequest) -> str:
    """Where the person wanted to go: an address of this site, or the start page."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours and wanted.startswith("/") else reverse("admin:index")
