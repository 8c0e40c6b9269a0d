"""What django-oauth-toolkit asks of us: which scopes a program has, and which of its secrets hold."""

from __future__ import annotations

from base64 import b64decode
from typing import Any
from urllib.parse import unquote_plus

from django.contrib.auth.hashers import check_password
from django.utils import timezone
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes

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

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Only scopes of approved requests, at least one, and all of one purpose and one place."""
        held = scopes_of(client.client)
        if not scopes or not set(scopes) <= held.keys():
            return False
        chosen = [held[scope] for scope in scopes]
        return len({(request.purpose, request.place) for request in chosen}) == 1


def client_by_basic(header: str) -> ApiClient | None:
    """The active program behind basic credentials, or None."""
    scheme, _space, text = header.partition(" ")
    try:
        name, _colon, secret = b64decode(text.strip(), validate=True).decode().partition(":")
    except ValueError:
        return None
    rows = ApiClient.objects.select_related("application").filter(active=True)
    client = rows.filter(application__client_id=unquote_plus(name)).first()
    if scheme.lower() != "basic" or client is None:
        return None
    stored = client.application.client_secret
    return client if DatasetValidator()._check_secret(unquote_plus(secret), stored) else None
