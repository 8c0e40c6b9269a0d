"""What django-oauth-toolkit asks of us: which scopes a program has, and which of its secrets hold."""

from __future__ import annotations

from base64 import b64decode
from hashlib import sha256
from typing import Any
from urllib.parse import unquote_plus

from django.contrib.auth.hashers import check_password
from django.core.cache import cache
from django.utils import timezone
from oauth2_provider.models import RefreshToken
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes
from oauth2_provider.settings import oauth2_settings

from apps.catalogue.data import SCOPE_SEPARATOR, Purpose
from apps.catalogue.models import ApiClient, Dataset
from apps.catalogue.selectors.tokens import scopes_of


class DatasetScopes(BaseScopes):
    """``dataset:purpose`` for each approved request of the program; there are no other scopes."""

    def get_all_scopes(self) -> dict[str, str]:
        """Every scope that exists, with what it means."""
        names = Dataset.objects.values_list("code", "name_zh")
        return {
            f"{code}{SCOPE_SEPARATOR}{purpose.value}": f"{name}（{purpose.label}）"
            for code, name in names
            for purpose in Purpose
        }

    def get_available_scopes(self, application: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        """What this program may ask for now."""
        client = getattr(application, "client", None)
        return sorted(scopes_of(client)) if client is not None else []

    def get_default_scopes(self, application: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        """Nothing by default: a program says what it wants the data for."""
        return []


class DatasetValidator(OAuth2Validator):
    """The toolkit's rules, and ours: ended programs, a secret and its former one, one purpose."""

    def _extract_basic_auth(self, request: Any) -> str | None:
        """As the toolkit; signs that base64 does not have are no credential."""
        text: str | None = super()._extract_basic_auth(request)
        return text if text and text.isascii() else None

    def _load_application(self, client_id: str, request: Any) -> Any:
        application = super()._load_application(client_id, request)
        client = getattr(application, "client", None)
        if client is None or not client.active:
            request.client = None
            return None
        return application

    def _check_secret(self, provided_secret: str, stored_secret: str) -> bool:
        if super()._check_secret(provided_secret, stored_secret):
            return True
        former = ApiClient.objects.filter(
            application__client_secret=stored_secret, former_until__gt=timezone.now()
        ).first()
        return former is not None and check_password(provided_secret, former.former_secret)

    def save_bearer_token(self, token: Any, request: Any, *args: Any, **kwargs: Any) -> None:
        """Keep the token; one that was given for a code is remembered, in case the code comes again."""
        super().save_bearer_token(token, request, *args, **kwargs)
        if request.grant_type == "authorization_code":
            checksum = sha256(token["access_token"].encode()).hexdigest()
            made = RefreshToken.objects.filter(access_token__token_checksum=checksum).first()
            if made is not None:
                seconds = oauth2_settings.REFRESH_TOKEN_EXPIRE_SECONDS
                cache.set(_code_key(request.client, request.code), made.token_family, seconds)

    def validate_code(
        self, client_id: str, code: str, client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """As the toolkit; a code that was used before was stolen, so its tokens end (RFC 6749, 4.1.2)."""
        holds = bool(super().validate_code(client_id, code, client, request, *args, **kwargs))
        if not holds:
            RefreshToken.revoke_family(cache.get(_code_key(client, code)))
        return holds

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Only scopes of approved requests, at least one, and all of one purpose and one place."""
        held = scopes_of(client.client)
        if not scopes or not set(scopes) <= held.keys():
            return False
        chosen = [held[scope] for scope in scopes]
        return len({(request.purpose, request.place) for request in chosen}) == 1


def _code_key(client: Any, code: str) -> str:
    return "oauth-code:" + sha256(f"{client.pk} {code}".encode("utf-8", "replace")).hexdigest()


def client_by_basic(header: str) -> ApiClient | None:
    """The active program behind basic credentials, or None."""
    name, secret = basic_parts(header)
    if not name or "\x00" in name:
        return None
    rows = ApiClient.objects.select_related("application").filter(active=True)
    client = rows.filter(application__client_id=name).first()
    if client is None:
        return None
    stored = client.application.client_secret
    return client if DatasetValidator()._check_secret(secret, stored) else None


def basic_parts(header: str) -> tuple[str, str]:
    """Id and secret in basic credentials (RFC 6749, 2.3.1); empty where the header carries none."""
    scheme, _space, text = header.partition(" ")
    try:
        name, _colon, secret = b64decode(text.strip(), validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return (unquote_plus(name), unquote_plus(secret)) if scheme.lower() == "basic" else ("", "")
