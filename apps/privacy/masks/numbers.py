"""Numbers that name a person: the ends stay that a clerk reads back on the telephone."""

from __future__ import annotations

import re
from typing import Any

from apps.privacy.finder.folding import bare, folded

MOBILE = re.compile(r"(?:\+?86|0086)?(1\d{10})")  # 10 to 12 begin the invented ones
LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))\d{7,8}")
PLATE = re.compile(r"([\u4e00-\u9fff][A-Z])[·\s-]?([A-Z0-9\u4e00-\u9fff]{5,6})")


def ends_kept(text: str, head: int, tail: int) -> str:
    """The first ``head`` and last ``tail`` characters; nothing of a text that would be half shown."""
    if len(text) < 2 * (head + tail) - 3:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]


def phone_masked(value: Any) -> str:
    """13812345678 -> 138****5678; 0592-1234567 -> 0592*****67; anything else keeps two digits at the end."""
    text = bare(folded(str(value)))
    if match := MOBILE.fullmatch(text):
        return ends_kept(match[1], 3, 4)
    if match := LANDLINE.fullmatch(text):
        return ends_kept(text, len(match[1]), 2)
    return ends_kept(text, 0, 2)


def identity_masked(value: Any) -> str:
    """110101199001011234 -> 110***********1234: no date of birth, and the province at most."""
    return ends_kept(bare(folded(str(value))), 3, 4)


def email_masked(value: Any) -> str:
    """zhang.san@example.org -> z***@example.org."""
    local, sign, domain = str(value).rpartition("@")
    kept = local[:1] if local[2:] else ""
    return f"{kept}***{sign}{domain}" if sign else "***"


def plate_masked(value: Any) -> str:
    """闽D12345 -> 闽D***45."""
    match = PLATE.fullmatch(folded(str(value)).strip().upper())
    return f"{match[1]}{'*' * (len(match[2]) - 2)}{match[2][-2:]}" if match else "***"
