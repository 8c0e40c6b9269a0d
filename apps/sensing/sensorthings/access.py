"""Who calls: an API key (bearer, or password of basic credentials) or a session; and where he may write."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from apps.accounts.data import Capability
from apps.accounts.selectors import api_key_valid, key_text
from apps.core.errors import ProblemError
from apps.privacy.services.rest import request_viewer

FORBIDDEN = 403


class KeyForEither(BaseAuthentication):
    """An API key: reading needs its scope ``read``, writing its scope ``ingest``."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """The key's user and the key, or None when the request carries no key."""
        header = request.headers.get("Authorization", "")
        if header.partition(" ")[0].lower() not in {"bearer", "basic"}:
            return None
        key = api_key_valid(key_text(header))
        scope = "read" if request.method in SAFE_METHODS else "ingest"
        if key is None or scope not in key.scopes:
            raise AuthenticationFailed(
                _("This key is unknown, has ended, or lacks the scope %(scope)s.") % {"scope": scope}
            )
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        """Makes a missing login a 401 instead of a 403."""
        return 'Basic realm="SensorThings"'


def domains_written(request: Request) -> tuple[str, ...]:
    """The domains that the caller may write: the key's own, or those where a role allows uploads."""
    key: Any = request.auth
    if key is not None:
        return (str(key.domain),)
    viewer = request_viewer(request)
    return tuple(slug for slug in sorted(viewer.domains) if viewer.may(slug, Capability.UPLOAD))


def writing_required(domains: tuple[str, ...], domain: str = "") -> None:
    """ProblemError 403 where the caller may not write ``domain`` (any domain, when none is named)."""
    if not domains or (domain and domain not in domains):
        raise ProblemError(_("You may not write in this domain."), "domain", FORBIDDEN, "role")
