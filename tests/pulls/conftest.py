from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.pulls.servers import Site, site_open


@pytest.fixture
def site() -> Iterator[Site]:
    with site_open() as opened:
        yield opened
