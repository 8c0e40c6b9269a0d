"""Bank card numbers: issuer prefix, its lengths, and the Luhn digit (ISO/IEC 7812-1; UnionPay 62)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.privacy.finder.data import Finding, Kind
from apps.privacy.finder.digits import luhn_holds
from apps.privacy.finder.folding import bare

NUMBER = re.compile(
    r"(?<![\dA-Za-z.])(?<!\d-)\d{4}(?:[ -]?\d{4}){2}[ -]?\d{2,4}(?:[ -]?\d{3})?(?![\dA-Za-z]|\.\d|-\d)"
)
# Prefix -> lengths: UnionPay, older cards of the large banks, Visa, Mastercard, JCB, American Express.
ISSUERS: tuple[tuple[re.Pattern[str], frozenset[int]], ...] = (
    (re.compile("62"), frozenset({16, 17, 18, 19})),
    (re.compile("9558|95599|4367|456351|436742|60138|6013"), frozenset({16, 17, 18, 19})),
    (re.compile("4"), frozenset({16})),
    (re.compile("5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)"), frozenset({16})),
    (re.compile("35(?:2[89]|[3-8])"), frozenset({16})),
    (re.compile("3[47]"), frozenset({15})),
)
NOT_CARDS = re.compile(r"(?:订单|运单|快递|流水|单号|编号|序列号?|条码|设备|凭证|物流)[^，。；\n]{0,6}$")
BEFORE = 14


def is_card(number: str) -> bool:
    """Whether an issuer has cards of this prefix and length and the check digit is right."""
    known = any(len(number) in lengths and prefix.match(number) for prefix, lengths in ISSUERS)
    return known and luhn_holds(number)


def cards(text: str) -> Iterator[Finding]:
    """Card numbers, grouped by blanks or dashes or not."""
    for match in NUMBER.finditer(text):
        is_other = NOT_CARDS.search(text[max(0, match.start() - BEFORE) : match.start()])
        if is_card(bare(match.group())) and not is_other:
            yield Finding(Kind.BANK, match.start(), match.end(), 0.95)
