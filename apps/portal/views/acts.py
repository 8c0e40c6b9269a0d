"""Acts of people on a page: done, or refused with the reason as a message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.functional import Promise

from apps.core.errors import ProblemError
from apps.portal.views.page import PermissionRefused


def act(
    request: HttpRequest, deed: Callable[[], Any], *, done: str | Promise, back: Callable[[Any], str] | str
) -> HttpResponseRedirect:
    """Do ``deed`` and go on; a refusal is shown, one of the role (403) is raised.

    ``back`` is an address, or makes one of what the deed returned (of None after a refusal).
    """
    result = None
    try:
        result = deed()
    except ProblemError as error:
        if error.status == PermissionRefused.STATUS:
            raise PermissionRefused(str(error.detail)) from error
        messages.error(request, str(error.detail))
    else:
        messages.success(request, str(done))
    return HttpResponseRedirect(back if isinstance(back, str) else back(result))
