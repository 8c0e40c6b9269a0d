"""What a locked-out login sees, and by which address logins are counted."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError, problem_response


def client_address(request: HttpRequest) -> str:
    """The caller's address as ``core.proxies`` found it."""
    return str(request.META.get("REMOTE_ADDR", ""))


def locked_out_response(request: HttpRequest, *_credentials: object) -> HttpResponse:
    """429 for a user who tried too often from one address; others at that address are not touched."""
    sentence = _("Too many failed logins. Try again in 30 minutes or ask the system administrator.")
    if "text/html" in request.headers.get("Accept", ""):
        return render(request, "locked_out.html", {"sentence": sentence}, status=429)
    return problem_response(ProblemError(sentence, status=429, code="locked_out"))
