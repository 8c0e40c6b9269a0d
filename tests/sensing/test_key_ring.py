"""The gateway's memory of keys: made-up ones push no valid one out and are looked up so often and no more."""

from __future__ import annotations

from typing import Any

import pytest

from apps.core.errors import ProblemError
from apps.sensing.gateway import keys
from apps.sensing.gateway.keys import UNKNOWN_A_SECOND, KeyRing


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was looked up in a database that knows one key, and a clock that stands still."""
    found: list[str] = []

    def look_up(text: str) -> tuple[str, str]:
        found.append(text)
        return ("city", "") if text == "good" else ("", keys.LACKING if text == "reader" else keys.UNKNOWN)

    monkeypatch.setattr(keys, "_look_up", look_up)
    monkeypatch.setattr(keys, "MOST_KEYS", 10)
    monkeypatch.setattr(keys.time, "monotonic", lambda: 1000.0)
    return found


async def status_of(ring: KeyRing, header: Any) -> int:
    """The status with which a key is refused; 0 where it is not."""
    try:
        await ring.domain(header)
    except ProblemError as error:
        return error.status
    return 0


async def test_a_flood_of_made_up_keys_is_bounded_and_a_valid_key_goes_on(asked: list[str]) -> None:
    ring = KeyRing()
    assert await ring.domain("Bearer good") == "city"
    refused = 0
    for number in range(500):
        refused += await status_of(ring, f"Bearer made-up {number}") == 429
        assert await ring.domain("Bearer good") == "city"
    assert (len(asked), refused) == (UNKNOWN_A_SECOND, 501 - UNKNOWN_A_SECOND)
    assert asked.count("good") == 1


async def test_a_refused_key_is_not_asked_for_again_at_once(asked: list[str]) -> None:
    ring = KeyRing()
    for _turn in range(5):
        assert await status_of(ring, "Bearer nobody") == 401
        assert await status_of(ring, "Bearer reader") == 403
    assert asked == ["nobody", "reader"]


async def test_a_valid_key_is_renewed_while_made_up_ones_use_the_limit_up(
    asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = KeyRing()
    await ring.domain("Bearer good")
    monkeypatch.setattr(keys.time, "monotonic", lambda: 1006.0)
    for number in range(UNKNOWN_A_SECOND):
        assert await status_of(ring, f"Bearer {number}") == 401
    assert await ring.domain("Bearer good") == "city"
    assert asked.count("good") == 2


@pytest.mark.parametrize("header", ["", "Basic good", "Bearer", "Bearer "])
async def test_what_is_no_bearer_is_nobody(header: Any, asked: list[str]) -> None:
    assert await status_of(KeyRing(), header) == 401
    assert asked == []
