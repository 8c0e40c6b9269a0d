"""Names: the family name stays."""

from __future__ import annotations

from typing import Any

from apps.privacy.finder.surnames import COMPOUND

STARS = "***"


def name_masked(value: Any) -> str:
    """王小明 -> 王**, 欧阳修远 -> 欧阳**, 阿卜杜拉·买买提 -> 阿***, John Smith -> J***.

    A compound family name stays whole only when something follows it; foreign names keep one letter, and
    their stars do not tell how long they are.
    """
    text = str(value).strip()
    if len(text) <= 1:
        return "*"
    if text[0].isascii() or "·" in text or " " in text:
        return text[0] + STARS
    kept = next((len(family) for family in COMPOUND if text.startswith(family) and text != family), 1)
    return text[:kept] + "*" * (len(text) - kept)
