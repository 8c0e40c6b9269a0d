"""The address under which this site is reached, for links that other systems keep."""

from __future__ import annotations

from typing import Any

from django.conf import settings


def public_address(request: Any) -> str:
    """``SITE_URL`` where it is set, else what the caller came by (its host is one of ``ALLOWED_HOSTS``).

    Without a slash at the end.
    """
    found: str = settings.SITE_URL if settings.SITE_URL_IS_SET else request.build_absolute_uri("/")
    return found.rstrip("/")
