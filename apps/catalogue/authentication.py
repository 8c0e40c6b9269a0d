"""Programs at the REST API: ``Authorization: Bearer <access token>``, beside API keys and sessions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from apps.accounts.selectors import user_get
from apps.catalogue.data import TokenFacts
from apps.catalogue.services.tokens import QuotaError, UnknownTokenError, bearer_token, token_admit


class TokenAuthentication(BaseAuthentication):
    """Accepts an access token of the header; a token in the URL is never read."""

    def authenticate(self, request: Request) -> tuple[Any, TokenFacts] | None:
        """The person behind the token, or None when the request carries none."""
        text = bearer_token(request.headers.get("Authorization", ""))
        if not text:
            return None
        try:
            view = request.parser_context.get("view")
            scoped = bool(getattr(view, "token_needs_scope", True))
            facts, _viewer = token_admit(request, text, scoped=scoped)
        except UnknownTokenError as error:
            raise AuthenticationFailed(
                _("This token is unknown, has expired or was revoked; fetch a new one.")
            ) from error
        except QuotaError as error:
            raise Throttled(error.seconds, str(error.detail)) from error
        user = user_get(facts.user_id)
        if user is None:
            raise AuthenticationFailed(_("The account behind this token has ended."))
        return user, facts

    def authenticate_header(self, request: Request) -> str:
        """Names the way in for a 401."""
        return "Bearer"
