from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.pulls.servers import Site, site_open


@pytest.fixture
def site() -> Iterator[Site]:
    with site_open() as opened:
        yield opened


@pytest.fixture
def house(settings: Any) -> None:
    """Loopback addresses may be called, as a city without internet allows its own networks."""
    settings.PULL_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    settings.PULL_SECONDS = 5
