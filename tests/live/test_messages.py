"""What a client of the live feed hears of a message that cannot be read: the real reason, in our words."""

from __future__ import annotations

import pytest
from django.utils import translation

from apps.live.messages import Message, message_read

UNREAD = {
    '{"subscribe": ["\\u0000"]}': "subscribe.0: A NUL character",
    '{"\\u0000": []}': "A NUL character",
    "[1]": "Send a JSON object",
    '"city.roads"': "Send a JSON object",
    '{"subscribe": "city.roads"}': "subscribe is a list",
    '{"subscribe": [1]}': "subscribe is a list",
    '{"unsubscribe": [null]}': "unsubscribe is a list",
    '{"subscribe": ["x"], "resume": {"x": "1"}}': "resume is an object",
    '{"subscribe": [], "subscribe": []}': "subscribe: This name stands twice",
    '{"follow": []}': "no member follow",
    "{": "This is no JSON",
    "[" * 3000: "This is no JSON",
}


@pytest.mark.parametrize("text", UNREAD)
def test_the_reason_is_the_real_one_and_ours(text: str) -> None:
    with translation.override("en"):
        told = message_read(text)
    assert isinstance(told, str)
    assert UNREAD[text] in told
    assert "Expected" not in told


def test_what_is_right_is_read() -> None:
    assert isinstance(message_read('{"subscribe": ["city.roads"], "resume": {"city.roads": 4}}'), Message)
