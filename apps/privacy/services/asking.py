"""Who is behind a request."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from django.http import HttpRequest

from apps.accounts.data import ACTING, KeyFacts, Viewer
from apps.accounts.selectors import session_is_fresh, session_is_strong, viewer_for

VIEWER_KEY = "cityplatform.viewer"
PURPOSE_HEADER, PURPOSE_SESSION = "X-Purpose", "purpose"
PURPOSE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def request_viewer(request: Any) -> Viewer:
    """The viewer behind a request, worked out once per request and user; the database works in his name."""
    http: HttpRequest = getattr(request, "_request", request)
    user_id, viewer = http.META.get(VIEWER_KEY, (None, None))
    if viewer is None or user_id != request.user.pk:
        auth = getattr(request, "auth", None)
        if isinstance(auth, KeyFacts):
            viewer = auth.viewer
        else:  # a token is never strong
            session = getattr(http, "session", None) if auth is None else None
            confirmed = session is not None and session_is_fresh(session)
            viewer = viewer_for(request.user, strong=session_is_strong(session), confirmed=confirmed)
        viewer = replace(viewer, purpose=purpose_stated(http))
        http.META[VIEWER_KEY] = (request.user.pk, viewer)
    found: Viewer = viewer
    ACTING.set(found)
    return found


def purpose_stated(http: HttpRequest) -> str:
    """The code of the purpose that a request states, in its header or for the whole session; "" if none."""
    session = getattr(http, "session", {})
    stated = http.headers.get(PURPOSE_HEADER) or session.get(PURPOSE_SESSION, "")
    return stated if isinstance(stated, str) and PURPOSE.fullmatch(stated) else ""


def request_viewer_set(request: Any, user_id: int, viewer: Viewer) -> None:
    """Narrow the request to what a program's token is about."""
    http: HttpRequest = getattr(request, "_request", request)
    http.META[VIEWER_KEY] = (user_id, viewer)
