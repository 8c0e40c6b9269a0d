"""Resident identity numbers: 18 digits with a check digit (GB 11643-1999) and the old 15 digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from apps.privacy.finder.data import Finding, Kind
from apps.privacy.finder.digits import identity_check
from apps.privacy.finder.folding import bare

NUMBER = re.compile(
    r"(?<![\dA-Za-z])(?<!\d[-.])\d(?:[ -]?\d){14}(?:(?:[ -]?\d){2}[ -]?[\dXx])?(?![\dA-Za-z]|\.\d)"
)
# First two digits of GB/T 2260; 81 to 83 are residence permits of Hong Kong, Macao and Taiwan people.
PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
NEW, OLD = 18, 15
EARLIEST = 1880
NOT_PEOPLE = re.compile(
    r"(?:订单|运单|快递|流水|单号|编号|序列|设备|工单|条码|凭证|批号|资产|档案)[^，。；\s]{0,6}$"
)
BEFORE = 12


def identities(text: str) -> Iterator[Finding]:
    """Numbers with a province, a real date and, in the new form, a right check digit."""
    for match in NUMBER.finditer(text):
        number = bare(match.group()).upper()
        if not is_identity(number):
            continue
        old = len(number) == OLD  # no check digit: what stands before it decides
        if old and NOT_PEOPLE.search(text[max(0, match.start() - BEFORE) : match.start()]):
            continue
        yield Finding(Kind.IDENTITY, match.start(), match.end(), 0.7 if old else 1.0)


def is_identity(number: str) -> bool:
    """Whether ``number`` (no blanks, X as a capital) can be an identity number."""
    if not PROVINCES.match(number):
        return False
    if len(number) == OLD:
        return number.isdigit() and _is_date(f"19{number[6:12]}")
    return len(number) == NEW and _is_date(number[6:14]) and identity_check(number[:17]) == number[17]


def _is_date(digits: str) -> bool:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).year >= EARLIEST
    except ValueError:
        return False
