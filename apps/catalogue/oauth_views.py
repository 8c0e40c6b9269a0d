"""Pages of the token service that differ from the toolkit's: consent, introspection, metadata (RFC 8414)."""

from __future__ import annotations

import json
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.contrib.admin import site
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from oauth2_provider.exceptions import OAuthToolkitError
from oauth2_provider.views import AuthorizationView, RevokeTokenView, TokenView
from oauthlib.oauth2 import InvalidRequestError

from apps.accounts.services.attempts import LOCK_SECONDS, attempt_count, attempts_forget
from apps.catalogue.oauth import basic_parts, client_by_basic
from apps.catalogue.selectors.tokens import token_described
from apps.core.answers import PlainJson
from apps.core.errors import ProblemError
from apps.privacy.services.rest import request_viewer

UNKNOWN_CLIENT = 401
BASIC = 'Basic realm="oauth"'
# RFC 6749, 5.2: a description is plain ASCII, for the person who writes the program; so it is in English.
DESCRIPTIONS = {
    "invalid_request": "A field is missing, comes twice or cannot be read. POST grant_type and what it needs"
    " as application/x-www-form-urlencoded.",
    "invalid_client": "The id or the secret of the program is wrong, or the program has ended. Send both by"
    " HTTP Basic, or as client_id and client_secret.",
    "invalid_grant": "The code, its code_verifier, its redirect_uri or the refresh token does not fit, was"
    " used before or has expired. Begin again at the authorization endpoint.",
    "unauthorized_client": "The program is registered for another grant; register a program for this one.",
    "unsupported_grant_type": "grant_type is authorization_code, client_credentials or refresh_token.",
    "unsupported_token_type": "Tokens of this type cannot be revoked here.",
    "invalid_scope": "Ask for one or more scopes of approved requests of this program, all for one purpose"
    " and one place; the page For developers lists them. There is none yet? Ask for a published entry of the"
    " catalogue and name this program; the department that provides an entry publishes it.",
    "temporarily_unavailable": "Too many wrong secrets; wait as long as Retry-After says.",
}
GRANTS = ("authorization_code", "client_credentials", "refresh_token")


def as_oauth(response: HttpResponseBase) -> HttpResponseBase:
    """An answer of the token service with what RFC 6749, 5.1 and 5.2, ask of it."""
    if response.status_code >= HTTPStatus.BAD_REQUEST and isinstance(response, HttpResponse):
        refused = PlainJson(_error_of(response), status=response.status_code)
        for name in ("Allow", "Retry-After"):
            if name in response.headers:
                refused[name] = response[name]
        response = refused
    if response.status_code == UNKNOWN_CLIENT:
        response["WWW-Authenticate"] = BASIC
    response["Cache-Control"], response["Pragma"] = "no-store", "no-cache"
    return response


def _error_of(response: HttpResponse) -> dict[str, str]:
    try:
        body = json.loads(response.content)
    except ValueError:
        body = {}
    default = "invalid_client" if response.status_code == UNKNOWN_CLIENT else "invalid_request"
    error = str(body.get("error", default)) if isinstance(body, dict) else default
    described = DESCRIPTIONS.get(error) or str(body.get("error_description", error))
    return {"error": error, "error_description": described}


class ConsentView(AuthorizationView):
    """A person lets a program act for him: shown once, with what it wants to see and for what purpose."""

    template_name = "portal/consent.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page inside the portal's frame."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**site.each_context(self.request), "title": _("Consent"), **context}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The content policy lets the form go on to the program's own address, and to no other."""
        if request.user.is_authenticated and not request_viewer(request).domains:
            return self.render_to_response({"error": {"error": "access_denied"}}, status=403)
        if request.method == "POST" and request.user.is_authenticated and not _has_pkce(request.POST):
            error = {"error": "invalid_request", "description": "code_challenge (S256) is required"}
            return self.render_to_response({"error": error}, status=400)
        answer = super().dispatch(request, *args, **kwargs)
        application = self.oauth2_data.get("application")
        if application is None:
            return answer
        parts = urlsplit(str(self.oauth2_data.get("redirect_uri") or ""))
        answer._csp_update = {"form-action": [f"{parts.scheme}://{parts.netloc}"]}  # as csp_update does
        return answer

    def validate_authorization_request(self, request: HttpRequest) -> Any:
        """As the toolkit; without PKCE (RFC 7636) the program hears of it at its own address."""
        found = super().validate_authorization_request(request)
        if not _has_pkce(request.GET):
            error = InvalidRequestError(
                description="code_challenge is required, with code_challenge_method=S256",
                state=request.GET.get("state"),
            )
            raise OAuthToolkitError(error=error, redirect_uri=found[1]["redirect_uri"])
        return found


def _has_pkce(values: QueryDict) -> bool:
    """Whether the request proves later that the code comes back to whoever asked for it (RFC 7636)."""
    return bool(values.get("code_challenge")) and values.get("code_challenge_method") == "S256"


class GrantView(TokenView):
    """The toolkit's token endpoint, for the three grants that exist here."""

    @method_decorator(csrf_exempt)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As RFC 6749 says, whatever came."""
        return as_oauth(super().dispatch(request, *args, **kwargs))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """A token, or an error of RFC 6749."""
        if request.POST.get("grant_type") not in GRANTS:
            return PlainJson({"error": "unsupported_grant_type"}, status=400)
        whose = program_named(request)
        try:
            attempt_count(whose)
        except ProblemError as error:
            return _locked(error)
        answer = super().post(request, *args, **kwargs)
        if answer.status_code != UNKNOWN_CLIENT:
            attempts_forget(whose)
        return answer


class RevocationView(RevokeTokenView):
    """The toolkit's revocation endpoint (RFC 7009)."""

    @method_decorator(csrf_exempt)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """An empty 200, or an error of RFC 6749."""
        answer = as_oauth(super().dispatch(request, *args, **kwargs))
        if answer.status_code == HTTPStatus.OK:
            del answer["Content-Type"]  # there is no body
        return answer


def program_named(request: HttpRequest) -> str:
    """The counter of wrong secrets for the program that a request names, from one address.

    By address too, since the id of a program is no secret: a stranger must not lock the program out.
    """
    name = basic_parts(request.headers.get("Authorization", ""))[0] or request.POST.get("client_id", "")
    digest = sha256(f"{name} {request.META.get('REMOTE_ADDR', '')}".encode("utf-8", "replace")).hexdigest()
    return f"program:{digest}"


def _locked(error: ProblemError) -> PlainJson:
    body = {
        "error": "temporarily_unavailable",
        "error_description": DESCRIPTIONS["temporarily_unavailable"],
    }
    headers = {"Retry-After": str(LOCK_SECONDS), "Cache-Control": "no-store"}
    return PlainJson(body, status=error.status, headers=headers)


@csrf_exempt
def introspection(request: HttpRequest) -> HttpResponseBase:
    """What one of the caller's own tokens carries (RFC 7662); those of others are not active to them."""
    if request.method != "POST":
        return as_oauth(HttpResponseNotAllowed(["POST"]))
    whose = program_named(request)
    try:
        attempt_count(whose)
    except ProblemError as error:
        return _locked(error)
    client = client_by_basic(request.headers.get("Authorization", ""))
    if client is not None:
        attempts_forget(whose)
    else:
        described = {"error": "invalid_client", "error_description": DESCRIPTIONS["invalid_client"]}
        headers = {"WWW-Authenticate": BASIC, "Cache-Control": "no-store"}
        return PlainJson(described, status=401, headers=headers)
    return PlainJson(
        token_described(request.POST.get("token", ""), client=client), headers={"Cache-Control": "no-store"}
    )


@require_safe
def metadata(request: HttpRequest) -> JsonResponse:
    """Where the endpoints are and what they speak (RFC 8414)."""
    names = {
        "authorization_endpoint": "authorize",
        "token_endpoint": "token",
        "revocation_endpoint": "revoke-token",
        "introspection_endpoint": "introspect",
    }
    found: dict[str, Any] = {
        key: request.build_absolute_uri(reverse(f"oauth2_provider:{name}")) for key, name in names.items()
    }
    return PlainJson(
        {
            "issuer": request.build_absolute_uri("/").rstrip("/"),
            **found,
            "response_types_supported": ["code"],
            "grant_types_supported": list(GRANTS),
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }
    )
