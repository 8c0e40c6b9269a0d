"""How the OpenAPI document describes the API key."""

from __future__ import annotations

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[misc]  # drf-spectacular ships no types
    """Bearer token."""

    target_class = "apps.accounts.authentication.KeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """The security scheme object of OpenAPI."""
        return {"type": "http", "scheme": "bearer"}
