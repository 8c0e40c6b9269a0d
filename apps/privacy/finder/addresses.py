"""Addresses: a way or an estate with the number of a door, a house or a flat."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.privacy.finder.data import Finding, Kind

HAN = "\u4e00-\u9fff"
NOT_NAME = (
    "在住到是于址从去往的了我你他她它们和与及至跟对把被让向就也都又还请因为有没已将离"
    "由给往找叫说称报诉映询租卖买搬咨督查获收送寄递"
)
WORD = rf"(?:(?![{NOT_NAME}])[{HAN}])"
NUMBER = r"(?:\d{1,5}(?:[-之]\d{1,4})?|[一二三四五六七八九十百]{1,5})"
AREA = (
    rf"(?:{WORD}{{2,7}}?(?:省|自治区))?(?:{WORD}{{2,6}}?(?:市|自治州|盟))?(?:{WORD}{{1,6}}?(?:区|县|旗|市))?"
    rf"(?:{WORD}{{1,6}}?(?:街道|镇|乡))?"
)
WAY = (
    rf"{WORD}{{1,7}}?(?:大道|大街|路|街|巷|弄|胡同|里|道|村|社区|社|埕|坊)"
    r"(?:[东南西北中]?(?:[一二三四五六七八九十]|\d{1,2})?(?:段|巷|弄|支路|里))?"
)
ESTATE = (
    rf"{WORD}{{2,8}}?(?:小区|花园|新村|家园|公寓|苑|城|府|庭|湾|园|庄|广场|大厦|宿舍|公馆|里|村|墅)"
    r"(?:[东南西北]区|[A-D一二三四]区|[一二三四]期)?"
)
NO_DOOR = "线|地块|文|令|公告|楼道|台风|机|门诊|病床|床|桥|口|井|站|仓|厅|车|泵|机组|馆|窗口|出口"
DOOR = rf"{NUMBER}号(?!{NO_DOOR})(?:院|楼|之\d)?"
HOUSE = rf"(?:[A-Z]|{NUMBER})(?:号楼|栋|幢|座|号院|号|组|队)(?!线|地块)"
FLAT = rf"(?:[A-Z]?{NUMBER}(?:单元|门|层|楼|室|房|户|号)|\d{{3,4}}(?![\d年元路]))"
TAIL = rf"(?:[,， ]?(?:{HOUSE}|{FLAT}))*"
ADDRESS = re.compile(
    rf"{AREA}(?:(?:{WAY}){{1,2}}{DOOR}(?:{ESTATE})?{TAIL}|(?:{WAY})?{ESTATE}(?:{HOUSE}){TAIL}|{ESTATE}[A-Z]?\d{{1,3}}-\d{{2,4}}(?:-\d{{3,4}})?室?)"
)
LATIN = re.compile(
    r"(?:(?:Room|Flat|Unit|Apt\.?|Suite) ?\d{1,5}[A-Z]?, ?)?(?:(?:No\.? ?|Building |Block )\d{1,5},? ?)+"
    r"(?:[A-Z][a-z]+ ){1,3}(?:Road|Street|Rd|St|Avenue|Ave|Lane)(?:,? (?:[A-Z][a-z]+ ){1,2}District)?"
)


def addresses(text: str) -> Iterator[Finding]:
    """Addresses down to a door. The finder cannot tell a home from an office: both are found."""
    for pattern in (ADDRESS, LATIN):
        for match in pattern.finditer(text):
            yield Finding(Kind.ADDRESS, match.start(), match.end(), 0.85)
