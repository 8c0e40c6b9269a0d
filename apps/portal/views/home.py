"""What the portal's pages show."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def home_context(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The home page: my work."""
    return context

