"""Mainland mobile numbers: eleven digits from 13 to 19, with or without +86, blanks and dashes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.privacy.finder.data import Finding, Kind

NUMBER = re.compile(
    r"(?<![\dA-Za-z.])(?<!\d-)(?:(?:\+|00)86[ -]?|\(\+?86\)[ -]?)?"
    r"1[3-9]\d(?:\d{8}|[ -]\d{4}[ -]\d{4}|[ -]\d{3}[ -]\d{5}|\d[ -]\d{3}[ -]\d{4})(?![\dA-Za-z]|\.\d|-\d)"
)
# What counts things and not people: meters, goods, sums, serial numbers.
NOT_CALLED = re.compile(
    r"(?:表号|表码|读数|示数|度数|止码|起码|单号|订单|运单|编号|流水号?|序列号|条码|批号|批次|货号|型号|版本|编码|户号|"
    r"凭证号?|车架号|设备号?|资产号?|工号|学号|票号|案号|文号|合同号?|账单|SN|No\.|ID|金额|合计|共计|累计|时间戳|里程|帖子|"
    r"order|meter|serial|tracking|invoice|ticket)[^，。；\n]{0,6}$",
    re.IGNORECASE,
)
COUNTED = re.compile(
    r"^\s?(?:元|千瓦时|度|立方米?|吨|公里|字节|件|个|平方米?|kWh|kB|bytes|ms|毫秒|焦耳)", re.IGNORECASE
)
BEFORE, AFTER = 16, 6


def mobiles(text: str) -> Iterator[Finding]:
    """Mobile numbers that do not stand where a meter reading or an order number stands."""
    for match in NUMBER.finditer(text):
        head, tail = text[max(0, match.start() - BEFORE) : match.start()], text[match.end() :][:AFTER]
        if not (NOT_CALLED.search(head) or COUNTED.match(tail)):
            yield Finding(Kind.MOBILE, match.start(), match.end(), 0.95)
