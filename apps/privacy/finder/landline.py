"""Fixed telephone numbers: with an area code, or seven and eight digits after a word for telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.privacy.finder.data import Finding, Kind

AREA = r"0(?:10|2[0-5789]|[3-9]\d{2})"
EXTENSION = r"(?:(?:-| ?转 ?| ?ext\.? ?)\d{1,5})?"
FULL = re.compile(
    rf"(?<![\dA-Za-z.])(?<!\d-)(?:(?:\+|00)86[ -]?{AREA[1:]}|\({AREA}\)|（{AREA}）|{AREA})[ -]?"
    rf"[2-8]\d{{2,3}}[ -]?\d{{4}}{EXTENSION}(?![\dA-Za-z]|\.\d)"
)
SHORT = re.compile(
    r"(?:电话|座机|固话|家电|宅电|致电|来电|tel(?:ephone)?|call)(?:号码?)?(?:是|为)?[:： ]{0,2}"
    r"(?P<number>[2-8]\d{2,3}[ -]?\d{4})(?![\dA-Za-z]|\.\d|-\d)",
    re.IGNORECASE,
)


def landlines(text: str) -> Iterator[Finding]:
    """Numbers with an area code, and local numbers that a word announces."""
    for match in FULL.finditer(text):
        yield Finding(Kind.LANDLINE, match.start(), match.end(), 0.9)
    for match in SHORT.finditer(text):
        yield Finding(Kind.LANDLINE, match.start("number"), match.end("number"), 0.7)
