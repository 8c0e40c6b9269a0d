"""Token authentication of programs: ``Authorization: Bearer cp_...``, or the key as a basic password.

Desktop programs such as QGIS keep a user name and a password: the name is ignored.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from apps.accounts.data import READ, KeyFacts, write_scope
from apps.accounts.models import User
from apps.accounts.selectors import key_facts, key_text, user_get


class KeyAuthentication(BaseAuthentication):
    """Accepts an API key; a key in the URL is never read."""

    def scope(self, request: Request) -> str:
        """The scope without which the key is not known here; "" where the view asks for one."""
        return READ

    def writing(self, request: Request) -> str:
        """The scope that lets the key change something at this address; "" where none does."""
        return "" if request.method in SAFE_METHODS else write_scope(request.path_info)

    def authenticate(self, request: Request) -> tuple[User, KeyFacts] | None:
        """The key's user and what the key may do, or None when the request carries no key."""
        header = request.headers.get("Authorization", "")
        if header.partition(" ")[0].lower() not in {"bearer", "basic"}:
            return None
        facts, scope = key_facts(key_text(header), writing=self.writing(request)), self.scope(request)
        if facts is None or (scope and scope not in facts.scopes):
            detail = _("This key is unknown, has ended, or lacks the scope %(scope)s.") % {"scope": scope}
            raise AuthenticationFailed(detail)
        user = user_get(facts.viewer.user_id or 0)
        if user is None:
            raise AuthenticationFailed(_("The account behind this key has ended."))
        return user, facts

    def authenticate_header(self, request: Request) -> str:
        """Makes a missing login a 401 instead of a 403."""
        return "Bearer"


class ProgramPermission(BasePermission):
    """What is open to keys and tokens; a person with a session passes.

    A view says so by ``programs``: the methods by which a program reads there, since the policy kernel
    answers it as it answers a person (and what a token may tell). A key changes only what one of its scopes
    names: a ``write:`` scope of the address, or ``key_writes`` of the view.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether this program may call this address by this method."""
        auth = request.auth
        if auth is None:
            return True
        self.message = _("This address is for people with a session, not for keys and tokens.")
        if not isinstance(auth, KeyFacts) or request.method in SAFE_METHODS:
            return request.method in getattr(view, "programs", ())
        needed = getattr(view, "key_writes", "") or write_scope(request.path_info)
        if needed:
            self.message = _("This key lacks the scope %(scope)s.") % {"scope": needed}
        return needed in auth.scopes
