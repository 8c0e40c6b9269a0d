"""The purposes that somebody may state, and the one that a session states."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.data import Viewer
from apps.core.domains import all_domains
from apps.core.errors import ProblemError
from apps.privacy.data import PURPOSES, SUPPORT
from apps.privacy.services.asking import PURPOSE_SESSION, request_viewer

# Purposes of roles that nobody may ask for in a request; PURPOSES has the others.
OF_ROLES = {
    "subject-rights": gettext_lazy("Rights of the people that the data speak of"),
    "research": gettext_lazy("Research"),
}


def purposes_of(viewer: Viewer) -> dict[str, Any]:
    """Every purpose that a role or an approval gives to the viewer: code -> title."""
    own = {purpose for _domain, purpose in viewer.purposes}
    granted = {grant.purpose for grant in viewer.grants}
    titles = {**PURPOSES, **OF_ROLES}
    return {code: titles.get(code, code) for code in sorted(own | granted)}


def purposes_of_domain(domain: str) -> dict[str, Any]:
    """What staff may need records of a domain for: its own purposes, and those that no domain declares."""
    owners = {code: one.slug for one in all_domains() for code in one.purposes}
    known = {code: title for code, title in PURPOSES.items() if code != SUPPORT}
    return {code: title for code, title in known.items() if owners.get(code, domain) == domain}


def purpose_state(request: HttpRequest, code: str) -> None:
    """State a purpose for the rest of the session, or none with ""; it is written with each access.

    ProblemError where no role and no approval of the viewer has this purpose.
    """
    if not code:
        request.session.pop(PURPOSE_SESSION, None)
        return
    if code not in purposes_of(request_viewer(request)):
        raise ProblemError(_("No role or approval of yours has this purpose."), "purpose", code="unknown")
    request.session[PURPOSE_SESSION] = code
