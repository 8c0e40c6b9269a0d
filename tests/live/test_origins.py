"""Another port of the same host is another site."""

from __future__ import annotations

from typing import Any

import pytest

from apps.live.origins import origin_permitted


@pytest.mark.parametrize(
    ("origin", "host", "permitted"),
    [
        ("http://city.test", "city.test", True),
        ("http://city.test:80", "city.test", True),
        ("https://city.test", "city.test", True),
        ("https://city.test:443", "city.test", True),
        ("http://city.test:8700", "city.test:8700", True),
        ("http://[::1]:8700", "[::1]:8700", True),
        ("http://CITY.test:8700", "city.test:8700", True),
        ("http://city.test:8701", "city.test:8700", False),
        ("http://city.test", "city.test:8700", False),
        ("http://city.test:8700", "city.test", False),
        ("http://city.test.evil.test:8700", "city.test:8700", False),
        ("http://evil.test", "city.test", False),
        ("http://city.test:port", "city.test", False),
        ("null", "city.test", False),
        ("", "city.test", False),
        ("file://city.test", "city.test", False),
        ("https://pages.test:8443", "city.test", True),
        ("https://pages.test", "city.test", False),
    ],
)
def test_the_origin_is_compared_with_its_port(origin: str, host: str, permitted: bool, settings: Any) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://pages.test:8443"]
    headers = {b"host": host.encode(), b"origin": origin.encode()}
    assert origin_permitted(headers) is permitted
