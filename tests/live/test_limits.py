"""How much one socket, and one stranger, may ask for."""

from __future__ import annotations

from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from apps.core.errors import ProblemError
from apps.core.rates import Bucket, Buckets
from apps.sensing.gateway import keys
from apps.sensing.gateway.keys import KeyRing
from tests.live.builders import Web, close_code, say
from tests.people import person


def test_a_bucket_gives_what_it_holds_and_no_more() -> None:
    bucket = Bucket(size=3, refill=0)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    assert not bucket.has()


def test_a_bucket_fills_again() -> None:
    bucket = Bucket(size=1, refill=1e9)
    assert bucket.take()
    assert bucket.take()


def test_buckets_remember_the_names_seen_last() -> None:
    buckets = Buckets(size=1, refill=0, most=2)
    assert buckets.of("a").take()
    assert not buckets.of("a").take()
    for name in ("b", "c"):
        buckets.of(name)
    assert buckets.of("a").take()


async def test_unknown_keys_never_make_the_gateway_forget_a_good_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def look_up(text: str) -> tuple[str, str]:
        asked.append(text)
        return ("city", "") if text == "good" else ("", keys.UNKNOWN)

    monkeypatch.setattr(keys, "_look_up", look_up)
    monkeypatch.setattr(keys, "MOST_KEYS", 10)
    ring = KeyRing()
    assert await ring.domain("Bearer good") == "city"
    for number in range(40):
        with pytest.raises(ProblemError):
            await ring.domain(f"Bearer {number}")
    assert await ring.domain("Bearer good") == "city"
    assert asked.count("good") == 1


@pytest.mark.django_db(transaction=True)
def test_a_socket_that_subscribes_without_end_is_closed(web: Web) -> None:
    with web.live(person("bo", roles=["city-viewer"])) as socket:
        with suppress(ConnectionClosed):
            for _turn in range(20):
                say(socket, subscribe=["city.roads"] * 50)
        assert close_code(socket) == 1008
