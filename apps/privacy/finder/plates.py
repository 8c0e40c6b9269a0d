"""Vehicle plates (GA 36-2018): ordinary ones, new-energy ones, and those of trailers, schools, police."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.privacy.finder.data import Finding, Kind

PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
MARK = "[A-HJ-NP-Z0-9]"
PLATE = re.compile(
    rf"{PROVINCE} ?[A-HJ-NP-Z] ?[·-]? ?"
    rf"(?:[A-HJK]{MARK}\d{{4}}|\d{{5}}[A-HJK]|{MARK}{{4}}[挂学警港澳]|{MARK}{{5}})(?![A-Za-z0-9])"
)
DIGITS = 2  # a plate has at most two letters, three where a city allows it


def plates(text: str) -> Iterator[Finding]:
    """Plates by their form alone: no other number begins with a province and a letter."""
    for match in PLATE.finditer(text):
        if sum(sign.isdigit() for sign in match.group()) >= DIGITS:
            yield Finding(Kind.PLATE, match.start(), match.end(), 0.95)
