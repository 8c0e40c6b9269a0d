"""Session rules: idle end, absolute end, one session per administrator, expired passwords."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation

from apps.accounts.models import User
from apps.accounts.selectors import grants_valid

GetResponse = Callable[[HttpRequest], HttpResponse]
STARTED, SEEN, OFFICE = "session_started", "session_seen", "session_office"
SEEN_STEP = timedelta(seconds=30)  # spares a session write on every request
FREE_PATHS = ("/static/", "/i18n/", "/healthz", "/readyz")


def session_rules(get_response: GetResponse) -> GetResponse:
    """End sessions that are idle or too old and lead expired passwords to their change."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User) and not request.path.startswith(FREE_PATHS):
            if _is_over(request, user):
                logout(request)
                return get_response(request)
            if _password_is_due(user) and not _is_allowed_while_due(request):
                return HttpResponseRedirect(reverse("admin:password_change"))
            if user.language:
                translation.activate(user.language)
        return get_response(request)

    return middleware


def _is_over(request: HttpRequest, user: User) -> bool:
    session, now = request.session, timezone.now()
    if STARTED not in session:
        session[OFFICE] = grants_valid(user).exclude(role__office="").exists()
        session[STARTED] = now.isoformat()
    idle = settings.SESSION_IDLE_ADMIN if session[OFFICE] else settings.SESSION_IDLE
    over = _passed(session, STARTED, settings.SESSION_ABSOLUTE) or _passed(session, SEEN, idle)
    if SEEN not in session or _passed(session, SEEN, SEEN_STEP):
        session[SEEN] = now.isoformat()
    return over


def _passed(session: SessionBase, key: str, limit: timedelta) -> bool:
    text = session.get(key, "")
    return isinstance(text, str) and bool(text) and timezone.now() - datetime.fromisoformat(text) > limit


def _password_is_due(user: User) -> bool:
    return user.must_change_password or timezone.now() - user.password_changed_at > settings.PASSWORD_MAX_AGE


def _is_allowed_while_due(request: HttpRequest) -> bool:
    return request.path in {reverse("admin:password_change"), reverse("admin:logout")}
