"""Token authentication of programs: ``Authorization: Bearer cp_...``, or the key as a basic password.

Desktop programs such as QGIS keep a user name and a password: the name is ignored.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.accounts.models import ApiKey, User
from apps.accounts.selectors import api_key_valid, key_text


class KeyAuthentication(BaseAuthentication):
    """Accepts an API key with the scope ``read``; a key in the URL is never read."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """The key's user, or None when the request carries no key."""
        header = request.headers.get("Authorization", "")
        if header.partition(" ")[0].lower() not in {"bearer", "basic"}:
            return None
        key = api_key_valid(key_text(header))
        if key is None or "read" not in key.scopes:
            raise AuthenticationFailed(
                _("This key is unknown, has ended, or may not read; ask for a new one.")
            )
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        """Makes a missing login a 401 instead of a 403."""
        return "Bearer"
