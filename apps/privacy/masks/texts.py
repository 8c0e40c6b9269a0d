"""Free text: what the row knows of the person, what the finder finds, and what nobody can be sure of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from apps.privacy.finder import NOTHING, Finding, Kind, Own, taken_out, without

# The finder names what it is sure of; a mask must not gamble, so long codes and numbers go as well.
CODES = re.compile(r"[A-Za-z0-9@._-]*\d[A-Za-z0-9@._-]*")
LONG = 5
SENTENCES = re.compile(r"[^。！？\n]{1,300}[。！？\n]*|[。！？\n]+")
REMEMBERED = 4096  # texts: the same rows are listed again and again
# Long numbers of no person, without which a text about the city says nothing.
UNIT = (
    "元|块|万|亿|千|百|美元|公里|千米|厘米|毫米|平方|立方|亩|公顷|吨|公斤|千克|克|斤|升|毫升|度|千瓦|瓦|伏|安培|"
    "分贝|兆|赫兹|摄氏度|%|％|‰|℃|㎡|m²|m³|"
    "天|周|年|月|日|小时|分钟|秒|人|名|户|次|辆|台|件|个|棵|盏|条|套|座|场|班|趟|份|页|字|倍|级|号线|米|km|kg|kWh|kW|dB|mg|μg|ppm|Mbps|G网|G信号"
)
NO_PERSON = re.compile(
    rf"(?<![\dA-Za-z.@_-])(?:"
    rf"\d{{1,8}}(?:\.\d{{1,4}})?(?:[-~—至到]\d{{1,8}}(?:\.\d{{1,4}})?)?(?=\s?(?:{UNIT}))"
    rf"|\d{{1,3}}(?:,\d{{3}})+(?:\.\d{{1,2}})?"
    rf"|\d{{1,2}}[:：]\d{{2}}(?:[:：]\d{{2}})?(?:\s?[-~—至到]\s?\d{{1,2}}[:：]\d{{2}})?"
    rf"|20[12]\d[-.]\d{{1,2}}[-.]\d{{1,2}}(?![\d-])|(?:19|20)\d{{2}}[-—~](?:19|20)\d{{2}}(?!\d)"
    rf"|12\d{{3}}|95\d{{3}}|96\d{{3,4}}|100\d{{2}}|[48]00[- ]?\d{{3}}[- ]?\d{{4}}"
    rf"|PM2\.5|PM10|(?:GB|GB/T|ISO|CJJ|HJ|DB\d*)[/T ]*\d{{3,6}}(?:\.\d+)?(?:-\d{{4}})?"
    rf"|[GDCKTZSYX]\d{{1,4}}(?=次|高速|国道|省道|列车|线)"
    rf")(?![\dA-Za-z@_-])",
    re.IGNORECASE,
)
# Numbers that an office or a shop gave to a matter, not to a person or a household.
MATTER = re.compile(
    r"(?:(?:订单|工单|运单|快递单?|物流单?|流水|合同|受理|登记|发票|采购|"
    r"项目|标段|地块|设备|资产|路灯杆?|灯杆|井盖|站牌|批次|序列|"
    r"条形?码|"
    r"车次|航班|公交车?|商品|产品)(?:编)?(?:号码?|码|编号)?|"
    r"(?:案|文|票|批|型|版本)号)(?:是|为)?[:： ]{0,2}"
    r"(?P<number>[A-Za-z0-9][A-Za-z0-9_-]{2,31})"
)


def pieces(text: str, own: Own = NOTHING) -> tuple[Finding, ...]:
    """What the mask takes out of a text, in order, no two overlapping.

    A text is masked sentence by sentence: what a finder does grows faster than the length.
    """
    found: list[Finding] = []
    for part in SENTENCES.finditer(text):
        here = part.group()
        before = part.start()
        out = taken_out(here, own, _codes(here))
        found += [replace(one, start=one.start + before, end=one.end + before) for one in out]
    return tuple(found)


def _codes(text: str) -> Iterator[Finding]:
    kept = [match.span() for match in NO_PERSON.finditer(text)]
    kept += [match.span("number") for match in MATTER.finditer(text)]
    for match in CODES.finditer(text):
        start, end = match.span()
        if end - start >= LONG and not any(
            first <= start < last or first < end <= last for first, last in kept
        ):
            yield Finding(Kind.CODE, start, end, 0.0)


@lru_cache(maxsize=REMEMBERED)
def _masked(text: str, own: Own) -> str:
    return without(text, pieces(text, own))


def text_masked(value: Any, own: Own = NOTHING) -> str:
    """The text without what its row knows of the person, without personal data, and without long codes.

    Numbers of matters stay: sums, times, bus lines, orders, the short numbers of public services.
    """
    return _masked(str(value), own)
