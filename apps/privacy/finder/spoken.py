"""Numbers as callers say them and clerks write them down: grouped, in words, in halves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.privacy.finder.data import Finding, Kind
from apps.privacy.finder.mobile import NOT_CALLED

DIGITS = "零一二三四五六七八九"
FORMS = (
    "0〇零○洞",
    "1一幺壹么①",
    "2二贰两②",
    "3三叁③",
    "4四肆④",
    "5五伍⑤",
    "6六陆⑥",
    "7七柒拐⑦",
    "8八捌⑧",
    "9九玖勾⑨",
)
VALUE = {form: str(value) for value, forms in enumerate(FORMS) for form in forms}
ONE_OF = {str(value): f"[{forms}]" for value, forms in enumerate(FORMS)}
DIGIT = f"[{''.join(FORMS)}]"
GAP = r"[ \-·.,，、/_()（）—~*]{0,3}"
RUN = re.compile(rf"(?<![A-Za-z\d])[(（]?\+?{DIGIT}(?:{GAP}{DIGIT}){{5,24}}(?:{GAP}[xX])?(?![\dA-Za-z])")
CALLED = re.compile(
    r"(?:电话|座机|固话|手机|号码|联系|致电|来电|回电|打给|拨打?|打我|打到?|呼叫|tel|call|短信|传真)[^，。；！？\d]{0,8}$",
    re.IGNORECASE,
)
SERVICE = re.compile(r"[48]00[ -]?\d{3,4}[ -]?\d{3,4}$")  # of firms
SUMS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
DATED = re.compile(r"(?:19|20)\d{2}[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])(?!\d)")
YEARS = re.compile(r"(?:19|20)\d{2} ?[-~—/] ?(?:19|20)\d{2}")
MOBILE = re.compile(r"(?:0?0?86)?(?:1[3-9]|10[0-2])\d+")
LENGTHS = {11: 11, 13: 11, 15: 11}
IDENTITY = re.compile(r"\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]")
OLD_IDENTITY = re.compile(r"[1-8]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}")
BANK = re.compile(r"[3-6]\d{15,18}")
LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})[2-8]\d{6,7}")
LOCAL = re.compile(r"[2-8]\d{6,7}")
# Parts of a number: the beginning or the end that a word announces.
PART = re.compile(
    rf"(?:尾号|尾数|末尾|(?:[后末前头]|最后|开头)[两二三四五六七八\d](?:位|个)(?:数字?|号码)?|后面|中间|接着|结尾|号段|开头)"
    rf"(?:都|就|也)?(?:是|为|接)?[:： ]{{0,2}}(?P<part>{DIGIT}(?:[ \-]?{DIGIT}){{1,9}}[Xx]?)(?!{DIGIT})"
)
STARRED = re.compile(r"(?P<part>\d{2,6}[*xX×＊○]{3,}\d{2,4})")
PART_BEFORE = re.compile(rf"(?<!{DIGIT})(?P<part>{DIGIT}{{3,6}})(?=开头|打头|起头|结尾|收尾)")
ANNOUNCED = re.compile(
    r"(?:工号|学号|社保(?:卡|号)+|医保(?:卡|号)+|病历号|住院号|门诊号|就诊卡号?|户号|警号|会员号|准考证号?|证件号码?|"
    r"档案号|房产证号?|不动产权?证号?|驾驶证号?|卡号|密码|验证码|取件码|门禁码|身份证(?:号码?)?|护照(?:号码?)?|IP|IMEI|MAC|门牌号?|房号|房间号|床位?号|座位号)"
    r"(?:是|为)?[:： ]{0,2}(?P<part>[A-Za-z0-9][A-Za-z0-9:.\-]{1,})"
)
ACCOUNT = re.compile(
    r"(?:QQ|扣扣|[vV]信|微信|薇信|威信|抖音|快手|小红书|微博|支付宝|钉钉|飞信|飞书|贴吧|闲鱼|陌陌|skype|telegram|"
    r"whatsapp|line)"
    r"(?!公众|小程序|群|支付)(?:号码?|账号|帐号|ID|昵称|名)?(?:是|为|叫|搜)?[:： @]{0,3}"
    r"(?P<part>[A-Za-z0-9][A-Za-z0-9_.\-]{3,})",
    re.IGNORECASE,
)
EMAIL = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._-]{1,30} ?(?:@|\(at\)|\[at\]| at |艾特|圈[aA]) ?"
    r"[A-Za-z0-9-]{1,20} ?(?:\.|点| dot ) ?(?:com|cn|net|org|edu)\b"
)
PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼] ?[A-Za-z] ?[·\-]? ?"
    r"(?:[A-Za-z0-9] ?){4,5}[A-Za-z0-9挂学警港澳](?![A-Za-z0-9])"
)
SURE, LIKELY = 0.96, 0.8
BEFORE = 16


def numbers_spoken(text: str) -> Iterator[Finding]:
    """Numbers of people in any grouping and in words; parts of them; accounts, codes and plates."""
    for match in RUN.finditer(text):
        kind = _kind(match.group(), text[max(0, match.start() - BEFORE) : match.start()])
        if kind is not None:
            yield Finding(kind, match.start(), match.end(), SURE)
    yield from _announced(text)
    for match in EMAIL.finditer(text):
        yield Finding(Kind.EMAIL, match.start(), match.end(), SURE)
    for match in PLATE.finditer(text):
        if any(sign.isdigit() for sign in match.group()):
            yield Finding(Kind.PLATE, match.start(), match.end(), SURE)


def _announced(text: str) -> Iterator[Finding]:
    """Parts of numbers, accounts and codes: what a word says that they are."""
    for pattern in (PART, PART_BEFORE, STARRED, ANNOUNCED, ACCOUNT):
        kind = Kind.ACCOUNT if pattern is ACCOUNT else Kind.CODE
        for match in pattern.finditer(text):
            if not NOT_CALLED.search(text[max(0, match.start() - BEFORE) : match.start()]):
                yield Finding(kind, match.start("part"), match.end("part"), LIKELY)


def digits_of(text: str) -> str:
    """All digits of a text, also those in words, one after the other."""
    return "".join(VALUE.get(sign, "") for sign in text)


def _kind(written: str, before: str) -> Kind | None:
    """What a run of digits is; None for sums, dates and numbers of things."""
    if (
        SERVICE.match(written)
        or SUMS.fullmatch(written)
        or DATED.match(written)
        or YEARS.match(written)
        or NOT_CALLED.search(before)
    ):
        return None
    number = "".join(VALUE.get(sign, "X" if sign in "xX" else "") for sign in written)
    if MOBILE.fullmatch(number) and len(re.sub(r"^(?:00)?86", "", number)) == LENGTHS[11]:
        return Kind.MOBILE
    for pattern, kind in (
        (IDENTITY, Kind.IDENTITY),
        (OLD_IDENTITY, Kind.IDENTITY),
        (BANK, Kind.BANK),
        (LANDLINE, Kind.LANDLINE),
    ):
        if pattern.fullmatch(number):
            return kind
    is_called = bool(CALLED.search(before)) and len(number) > SHORT
    return Kind.LANDLINE if is_called and (LOCAL.fullmatch(number) or not written.isdecimal()) else None


SHORT = 6


def births_like(born: str) -> str:
    """An expression for a day in the forms in which people write it: 1985-03-12, 一九八五年三月十二."""
    year, month, day = born[:4], int(born[5:7]), int(born[8:10])
    years = rf"(?:{''.join(ONE_OF[sign] for sign in year[:2])})?{''.join(ONE_OF[sign] for sign in year[2:])}"
    marks = r"[年.\-/ ]?"
    return rf"{years}{marks}(?:{_small(month)})[月.\-/ ]?(?:{_small(day)})[日号]?|{years}年?(?=生|出生|的人)"


def _small(number: int) -> str:
    ones, tens = number % 10, number // 10
    words = {0: "", 1: "十", 2: "二十", 3: "三十"}[tens] + (DIGITS[ones] if ones else "")
    return rf"0?{number}|{words}|初{words}"
