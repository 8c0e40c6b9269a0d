"""The menu: one group a domain, then the platform's own pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The menu entries that the viewer may open."""
    return []
