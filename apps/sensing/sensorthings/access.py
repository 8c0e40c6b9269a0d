"""Where a caller may write: the domain of the API key, or those where a role allows uploads."""

from __future__ import annotations

from django.utils.translation import gettext as _
from rest_framework.request import Request

from apps.accounts.data import Capability, KeyFacts
from apps.core.errors import ProblemError
from apps.privacy.services.rest import request_viewer

FORBIDDEN = 403


def domains_written(request: Request) -> tuple[str, ...]:
    """The domains that the caller may write: the key's own, or those where a role allows uploads."""
    if isinstance(request.auth, KeyFacts):
        return (request.auth.domain,)
    viewer = request_viewer(request)
    return tuple(slug for slug in sorted(viewer.domains) if viewer.may(slug, Capability.UPLOAD))


def writing_required(domains: tuple[str, ...], domain: str = "") -> None:
    """ProblemError 403 where the caller may not write ``domain`` (any domain, when none is named)."""
    if not domains or (domain and domain not in domains):
        raise ProblemError(_("You may not write in this domain."), "domain", FORBIDDEN, "role")
