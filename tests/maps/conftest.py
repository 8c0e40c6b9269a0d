"""Nothing drawn for one test may be served to the next."""

from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Forget tiles and summaries."""
    cache.clear()
