"""Permits and cards of Hong Kong, Macao and Taiwan people, and of those who travel there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.privacy.finder.data import Finding, Kind

NUMBER = re.compile(
    r"(?<![\dA-Za-z])(?:[HM]\d{8}(?:\d{2})?|[CW][A-HJ-NP-Z0-9]\d{7}|[LT]\d{8}|\d{8}(?:\d{2})?)(?![\dA-Za-z])"
)
WORDS = r"(?:通行证|回乡证|台胞证|港澳证|赴台证|往来证|permit)"
BEFORE = re.compile(WORDS + r"[^，。；;！？\n]{0,12}$", re.IGNORECASE)
AFTER = re.compile(r"^[^，。；\n]{0,4}的?" + WORDS, re.IGNORECASE)
HONG_KONG = re.compile(r"(?<![\dA-Za-z])(?P<letters>[A-Z]{1,2})(?P<digits>\d{6})\((?P<check>[\dA])\)")
REACH = 24


def permits(text: str) -> Iterator[Finding]:
    """Permit numbers beside the name of the permit, and Hong Kong identity cards by their check digit."""
    for match in NUMBER.finditer(text):
        if BEFORE.search(text[max(0, match.start() - REACH) : match.start()]) or AFTER.match(
            text[match.end() :]
        ):
            yield Finding(Kind.PERMIT, match.start(), match.end(), 0.9)
    for match in HONG_KONG.finditer(text):
        if hong_kong_check(match["letters"], match["digits"]) == match["check"]:
            yield Finding(Kind.PERMIT, match.start(), match.end(), 1.0)


def hong_kong_check(letters: str, digits: str) -> str:
    """The character in brackets of a Hong Kong identity card: weights 9 to 2, modulo 11."""
    head = [36, *(ord(letter) - 55 for letter in letters)][-2:]
    total = sum(
        value * weight for value, weight in zip([*head, *map(int, digits)], range(9, 1, -1), strict=True)
    )
    return "0123456789A"[-total % 11]
