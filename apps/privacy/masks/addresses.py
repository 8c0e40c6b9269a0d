"""Addresses: province, city and district stay."""

from __future__ import annotations

import re
from typing import Any

from apps.privacy.finder.folding import folded

HAN = "[\u4e00-\u9fff]"
# A 区 that is part of an estate, a school or a works is no district.
DISTRICT = rf"{HAN}{{1,6}}?(?:(?<![小社校园厂街库景])区|县|旗)"
KEPT = re.compile(
    rf"(?:{HAN}{{2,7}}?(?:省|自治区|特别行政区))?(?:{HAN}{{1,6}}?(?:市|自治州|地区|盟))?(?:{DISTRICT})?"
)


def address_masked(value: Any) -> str:
    """福建省海澄市东港区湖滨南路88号 -> 福建省海澄市东港区***; without such words nothing stays."""
    match = KEPT.match(folded(str(value)).strip())
    return (match.group() if match else "") + "***"
