"""Acts of people on a page: done, or refused with the reason as a message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise

from apps.core.errors import ProblemError
from apps.portal.views.page import PermissionRefused


def act(
    request: HttpRequest, deed: Callable[[], Any], *, done: str | Promise, back: Callable[[Any], str] | str
) -> HttpResponseRedirect:
    """Do ``deed`` and go on; a refusal is shown, one of the role (403) is raised.

    Who must first confirm that it is them is led to the page for it, and back, and told to do it again.

    ``back`` is an address, or makes one of what the deed returned (of None after a refusal).
    """
    result = None
    try:
        result = deed()
    except ProblemError as error:
        if error.code == "confirmation":
            messages.warning(request, str(error.detail))
            onwards = back if isinstance(back, str) else back(None)
            query = urlencode({"next": onwards, "again": 1})
            return HttpResponseRedirect(f"{reverse('admin:confirm')}?{query}")
        if error.status == PermissionRefused.STATUS:
            raise PermissionRefused(str(error.detail)) from error
        messages.error(request, str(error.detail))
    else:
        messages.success(request, str(done))
    return HttpResponseRedirect(back if isinstance(back, str) else back(result))
