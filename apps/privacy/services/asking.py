"""Who is behind a request."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from apps.accounts.data import Viewer
from apps.accounts.selectors import viewer_for

VIEWER_KEY = "cityplatform.viewer"


def request_viewer(request: Any) -> Viewer:
    """The viewer behind a request, worked out once per request and user."""
    http: HttpRequest = getattr(request, "_request", request)
    user_id, viewer = http.META.get(VIEWER_KEY, (None, None))
    if viewer is None or user_id != request.user.pk:
        viewer = viewer_for(request.user)
        http.META[VIEWER_KEY] = (request.user.pk, viewer)
    found: Viewer = viewer
    return found


def request_viewer_set(request: Any, user_id: int, viewer: Viewer) -> None:
    """Narrow the request to what a program's token is about."""
    http: HttpRequest = getattr(request, "_request", request)
    http.META[VIEWER_KEY] = (user_id, viewer)
