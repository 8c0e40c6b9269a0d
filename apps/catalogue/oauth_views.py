"""Pages of the token service that differ from the toolkit's: consent, introspection, metadata (RFC 8414)."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django.contrib.admin import site
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from oauth2_provider.views import AuthorizationView, TokenView

from apps.accounts.services.attempts import LOCK_SECONDS, attempt_count, attempts_forget
from apps.catalogue.oauth import basic_parts, client_by_basic
from apps.catalogue.selectors.tokens import token_described
from apps.core.answers import PlainJson
from apps.core.errors import ProblemError
from apps.privacy.services.rest import request_viewer

UNKNOWN_CLIENT = 401
GRANTS = ("authorization_code", "client_credentials", "refresh_token")


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
        if request.user.is_authenticated and not _has_pkce(request):
            error = {"error": "invalid_request", "description": "code_challenge (S256) is required"}
            return self.render_to_response({"error": error}, status=400)
        answer = super().dispatch(request, *args, **kwargs)
        application = self.oauth2_data.get("application")
        if application is None:
            return answer
        parts = urlsplit(str(self.oauth2_data.get("redirect_uri") or ""))
        answer._csp_update = {"form-action": [f"{parts.scheme}://{parts.netloc}"]}  # as csp_update does
        return answer


def _has_pkce(request: HttpRequest) -> bool:
    """Whether the request proves later that the code comes back to whoever asked for it (RFC 7636)."""
    values = request.POST if request.method == "POST" else request.GET
    return bool(values.get("code_challenge")) and values.get("code_challenge_method") == "S256"


class GrantView(TokenView):
    """The toolkit's token endpoint, for the three grants that exist here."""

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


def program_named(request: HttpRequest) -> str:
    """The counter of wrong secrets for the program that a request names, from one address.

    By address too, since the id of a program is no secret: a stranger must not lock the program out.
    """
    name = basic_parts(request.headers.get("Authorization", ""))[0] or request.POST.get("client_id", "")
    digest = sha256(f"{name} {request.META.get('REMOTE_ADDR', '')}".encode("utf-8", "replace")).hexdigest()
    return f"program:{digest}"


def _locked(error: ProblemError) -> PlainJson:
    body = {"error": "temporarily_unavailable", "error_description": str(error.detail)}
    return PlainJson(body, status=error.status, headers={"Retry-After": str(LOCK_SECONDS)})


@csrf_exempt
@require_POST
def introspection(request: HttpRequest) -> JsonResponse:
    """What one of the caller's own tokens carries (RFC 7662); those of others are not active to him."""
    whose = program_named(request)
    try:
        attempt_count(whose)
    except ProblemError as error:
        return _locked(error)
    client = client_by_basic(request.headers.get("Authorization", ""))
    if client is not None:
        attempts_forget(whose)
    else:
        refused = PlainJson({"error": "invalid_client"}, status=401)
        refused["WWW-Authenticate"] = 'Basic realm="oauth"'
        return refused
    return PlainJson(token_described(request.POST.get("token", ""), client=client))


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
