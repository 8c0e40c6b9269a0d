"""What a locked-out login sees."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError, problem_response


def locked_out_response(request: HttpRequest, *_credentials: object) -> HttpResponse:
    """429 for a user who tried too often from one address; others at that address are not touched."""
    sentence = _("Too many failed logins. Try again in 30 minutes or ask the system administrator.")
    if "text/html" in request.headers.get("Accept", ""):
        return render(request, "locked_out.html", {"sentence": sentence}, status=429)
    return problem_response(ProblemError(sentence, status=429, code="locked_out"))
