"""PUBLISH packets of MQTT 5 (3.3) as most devices send them, read out of what a connection has brought."""

from __future__ import annotations

from typing import NamedTuple

PUBLISH, KINDS, AT_LEAST_ONCE = 0x30, 0xF0, 1
MORE, DIGITS, DIGIT_BITS = 0x80, 0x7F, 7  # of a variable byte integer (1.5.5), which has four bytes at most
LONGEST = 4


class Publish(NamedTuple):
    """One message without properties at QoS 0 or 1, and where the next packet begins."""

    topic: str
    payload: bytes
    mid: int
    end: int


def publish_read(data: bytes, at: int) -> Publish | None:
    """The message that begins at ``at``; None for any other packet, and for one that is not there whole."""
    if at >= len(data) or data[at] & KINDS != PUBLISH:
        return None
    quality = data[at] >> 1 & 3
    length, begin = _integer(data, at + 1)
    end = begin + length
    if begin < 0 or end > len(data) or quality > AT_LEAST_ONCE:
        return None
    named = begin + 2 + int.from_bytes(data[begin : begin + 2])
    number = 2 * quality  # bytes of the packet's number; one more says that there are no properties
    content = named + number + 1
    if content > end or data[content - 1] != 0:
        return None
    mid = int.from_bytes(data[named : content - 1])
    return Publish(data[begin + 2 : named].decode(errors="replace"), data[content:end], mid, end)


def _integer(data: bytes, at: int) -> tuple[int, int]:
    """A variable byte integer and the place after it; a place of -1 where it is not whole."""
    value = 0
    for place, byte in enumerate(data[at : at + LONGEST]):
        value |= (byte & DIGITS) << DIGIT_BITS * place
        if byte < MORE:
            return value, at + place + 1
    return 0, -1
