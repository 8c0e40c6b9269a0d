"""Passport numbers: the forms of Chinese passports, and any number that stands after the word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.privacy.finder.data import Finding, Kind

NUMBER = re.compile(
    r"(?<![\dA-Za-z])(?:E[A-HJ-NP-Z]\d{7}|[EG]\d{8}|[DSP]E?\d{7}|1[45]\d{7}|[A-Z]{1,2}\d{7,8}|\d{9})(?![\dA-Za-z])"
)
BEFORE = re.compile(r"(?:护照|passport)[^，。；;！？\n]{0,16}$", re.IGNORECASE)
AFTER = re.compile(r"^[^，。；\n]{0,4}(?:的?护照|\(护照\)|（护照）)")
REACH = 26


def passports(text: str) -> Iterator[Finding]:
    """Numbers beside the word passport; without it E12345678 is as likely the code of a product."""
    for match in NUMBER.finditer(text):
        if BEFORE.search(text[max(0, match.start() - REACH) : match.start()]) or AFTER.match(
            text[match.end() :]
        ):
            yield Finding(Kind.PASSPORT, match.start(), match.end(), 0.9)
