"""Session rules: idle end, absolute end, one session per administrator, expired passwords, second factor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from apps.accounts.data import HAS_FACTOR, OFFICE, SEEN, STARTED
from apps.accounts.models import User
from apps.accounts.selectors import (
    factor_is_due,
    grants_valid,
    session_is_over,
)
from apps.accounts.services.second_factor import factors_of
from apps.core.errors import ProblemError, problem_response

GetResponse = Callable[[HttpRequest], HttpResponse]
SEEN_STEP = timedelta(seconds=30)  # spares a session write on every request
FREE_PATHS = ("/static/", "/i18n/", "/healthz", "/readyz", "/metrics", "/portal/jsi18n/", "/portal/language/")
PAGES = ("/portal/", "/map/", "/api/docs/")  # what a person opens; every other address belongs to a program


def session_rules(get_response: GetResponse) -> GetResponse:
    """End sessions that are idle or too old, and lead to a new password or the second factor first."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User) or request.path.startswith(FREE_PATHS):
            return get_response(request)
        if _is_over(request, user):
            logout(request)
            return get_response(request)
        if user.speaks:
            translation.activate(user.speaks)
        return _first(request, user) or get_response(request)

    return middleware


def _first(request: HttpRequest, user: User) -> HttpResponse | None:
    """What must be done before anything else, or None."""
    if request.path == reverse("admin:logout"):
        return None
    if _password_is_due(user):
        change = reverse("admin:password_change")
        return None if request.path == change else HttpResponseRedirect(change)
    if request.path.startswith(reverse("admin:second_factor")) or not factor_is_due(request.session, user):
        return None
    if request.path.startswith(PAGES):
        back = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
        return HttpResponseRedirect(f"{reverse('admin:second_factor')}?{back}")
    sentence = _("Your rights need a second factor; log in to the portal and give it there.")
    return problem_response(ProblemError(sentence, status=403, code="second_factor"))


def _is_over(request: HttpRequest, user: User) -> bool:
    session, now = request.session, timezone.now()
    if STARTED not in session:
        session[OFFICE] = grants_valid(user).exclude(role__office="").exists()
        session[HAS_FACTOR] = bool(factors_of(user))
        session[STARTED] = now.isoformat()
    over = session_is_over(session)
    seen = session.get(SEEN, "")
    if not seen or now - datetime.fromisoformat(seen) > SEEN_STEP:
        session[SEEN] = now.isoformat()
    return over


def _password_is_due(user: User) -> bool:
    return user.must_change_password or timezone.now() - user.password_changed_at > settings.PASSWORD_MAX_AGE
