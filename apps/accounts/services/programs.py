"""Token authentication of programs: ``Authorization: Bearer cp_...``, or the key as a basic password.

Desktop programs such as QGIS keep a user name and a password: the name is ignored.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, MethodNotAllowed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from apps.accounts.data import READ, Capability, KeyFacts, write_scope
from apps.accounts.models import User
from apps.accounts.selectors import key_facts, key_text, user_get
from apps.core.errors import INSUFFICIENT, ProblemError

KEY, TOKEN = "apiKey", "oauth2"  # as the API document names the two ways in of a program


def method_check(request: Request, view: Any) -> None:
    """405 for a method that the address does not have: which scope it would need is no question then."""
    method = str(request.method).lower()
    if view is not None and method not in {"head", "options"} and not hasattr(view, method):
        raise MethodNotAllowed(str(request.method))


def scope_missing(scope: str) -> ProblemError:
    """The refusal of RFC 6750 for a known key that lacks a scope."""
    detail = _("This key lacks the scope %(scope)s.") % {"scope": scope}
    return ProblemError(detail, "scope", 403, INSUFFICIENT)


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
        if facts is None:
            raise AuthenticationFailed(_("This key is unknown or has ended."))
        user = user_get(facts.viewer.user_id or 0)
        if user is None:
            raise AuthenticationFailed(_("The account behind this key has ended."))
        method_check(request, request.parser_context.get("view"))
        if scope and scope not in facts.scopes:
            raise scope_missing(scope)
        return user, facts

    def authenticate_header(self, request: Request) -> str:
        """Makes a missing login a 401 instead of a 403."""
        return "Bearer"


class ProgramPermission(BasePermission):
    """What is open to keys and tokens; a person with a session passes.

    A view says so by ``programs``: the methods by which a program reads there, since the policy kernel
    answers it as it answers a person (and what a token may tell). A key changes only what one of its scopes
    names: a ``write:`` scope of the address, or ``key_writes`` of the view. ``closed_to_keys`` of a view says
    why it takes tokens but no keys.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether this program may call this address by this method."""
        auth = request.auth
        if auth is None:
            return True
        method_check(request, view)
        closed = getattr(view, "closed_to_keys", "") if isinstance(auth, KeyFacts) else ""
        self.message = closed or _("This address is for people with a session, not for keys and tokens.")
        scheme = KEY if isinstance(auth, KeyFacts) else TOKEN
        if scheme not in schemes_open(view, str(request.method), request.path_info):
            return False
        needed = _writing(view, request.path_info)
        is_change = request.method not in SAFE_METHODS
        if is_change and isinstance(auth, KeyFacts) and needed not in auth.scopes:
            raise scope_missing(needed)
        return True

    def schemes(self, view: Any, method: str, path: str) -> frozenset[str]:
        """For the API document: what a program may show at this address."""
        return schemes_open(view, method, path)


def schemes_open(view: Any, method: str, path: str) -> frozenset[str]:
    """Which programs may call a view by a method: those with a key, those with a token, both or none."""
    is_open = method in getattr(view, "programs", ())
    by_key = is_open if method in SAFE_METHODS else bool(_writing(view, path))
    by_key = by_key and not getattr(view, "closed_to_keys", "")
    return frozenset(scheme for scheme, may in ((KEY, by_key), (TOKEN, is_open)) if may)


def _writing(view: Any, path: str) -> str:
    """The scope with which a key changes something here; "" where none does, as where only approvers may."""
    if {*getattr(view, "key_needs", (Capability.VIEW,))} <= {Capability.APPROVE}:
        return ""
    return getattr(view, "key_writes", "") or write_scope(path)
