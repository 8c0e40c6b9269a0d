"""What a row itself knows of the person whom its text speaks of: names, numbers, addresses, a date of birth.

The finder must not take every street for somebody's home; of the caller's own street it need not guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from apps.privacy.finder.data import Finding, Kind
from apps.privacy.finder.folding import bare, folded
from apps.privacy.finder.namewords import TITLES
from apps.privacy.finder.spoken import DIGITS, GAP, ONE_OF, births_like, digits_of
from apps.privacy.finder.surnames import surname_of

SURE = 1.0
HAN = "\u4e00-\u9fff"
SPOKEN_TITLES = rf"(?:{TITLES}|大叔|伯伯|大姐|大哥|姐|哥|嫂|太太|夫人|总|工|老板|某某|某|家的?|氏)"
# What an address says beyond these is the caller's own: the province, the city and the district are not.
COARSE = re.compile(
    rf"^(?:[{HAN}]{{2,7}}?(?:省|自治区|特别行政区))?(?:[{HAN}]{{1,6}}?(?:市|自治州|盟))?"
    rf"(?:[{HAN}]{{1,6}}?(?:(?<![小社校园厂街库景])区|县|旗))?"
)
# Streets, estates, villages and doors, each the shortest that ends so.
PART = re.compile(
    rf"[{HAN}A-Za-z]{{1,10}}?(?:街道|大道|大街|路|街|巷|弄|胡同|小区|花园|新村|家园|公寓|广场|大厦|宿舍|社区|村|镇|乡|苑|城|府|庭|湾|园|庄|里|坊|埕|楼)"
    rf"|[A-Z]?\d[\d-]*(?:号楼|号院|号|栋|幢|座|单元|层|室|房|户|组|门)?"
    rf"|[一二三四五六七八九十百]+(?:号楼|号院|号|栋|幢|座|单元|层|室|组|门)|[{HAN}]{{2,}}"
)
COMMON = frozenset({"小区", "社区", "花园", "新村", "公寓", "广场", "大厦", "宿舍", "中路", "大道"})
TAIL = 4  # of a number: what people say instead of all of it
SHORTEST_NUMBER, SHORTEST_PART = 4, 2
SAID_SO = 999  # larger numbers of houses are said digit by digit


@dataclass(frozen=True, slots=True)
class Own:
    """The personal fields of a row, beside the text."""

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    births: tuple[str, ...] = ()  # ISO dates


NOTHING = Own()
Form = tuple[Kind, tuple[str, ...], str]


def own_findings(text: str, own: Own) -> Iterator[Finding]:
    """Every form in which the folded text repeats what the row knows."""
    if own == NOTHING:
        return
    digits = digits_of(text)
    for kind, needles, expression in _forms(own):
        if not any(needle in text or needle in digits for needle in needles):
            continue  # most rows know much that their text does not say: nothing is compiled for it
        pattern = re.compile(expression)
        for match in pattern.finditer(text):
            start, end = match.span("own") if "own" in pattern.groupindex else match.span()
            yield Finding(kind, start, end, SURE)


@lru_cache(maxsize=4096)
def _forms(own: Own) -> tuple[Form, ...]:
    """The kind, what the text must hold of it at least, and the expression of every form."""
    found: list[Form] = []
    for name in filter(None, (folded(name).strip() for name in own.names)):
        needles = name[:1], re.sub(r"^.", "", name)
        found += [(Kind.NAME, tuple(filter(None, needles)), pattern) for pattern in _name_forms(name)]
    for number in own.numbers:
        needle = "".join(sign for sign in bare(folded(number)) if sign.isdecimal())[-TAIL + 1 :]
        found += [(Kind.CODE, (needle,), pattern) for pattern in _number_forms(number)]
    for birth in sorted({*own.births, *filter(None, map(_birth_in, own.numbers))}):
        found.append((Kind.BIRTH, (birth[2:4],), births_like(birth)))
    for address in own.addresses:
        found += [(Kind.ADDRESS, *form) for form in _address_forms(folded(address))]
    return tuple(found)


def _name_forms(name: str) -> Iterator[str]:
    """王小明 as 王小明, 王 小 明, 小明, 王先生, 老王, 王某, 姓王的; a foreign name by each of its parts."""
    spaced = r"[\s·.]{0,2}".join(re.escape(sign) for sign in re.sub(r"[\s·.]", "", name))
    yield spaced if len(name) > 1 else f"^{spaced}$"
    if not re.match(f"[{HAN}]", name) or "·" in name:
        parts = [part for part in re.split(r"[\s·.]+", name) if len(part) > 1]
        yield from (rf"(?i:(?<![A-Za-z]){re.escape(part)}(?![A-Za-z]))" for part in parts)
        return
    family = re.escape(surname_of(name) or name[0])
    given = name[len(surname_of(name) or name[0]) :]
    if len(given) > 1:
        yield re.escape(given)
    elif given:
        yield rf"[小阿]{re.escape(given)}(?![{HAN}])|{re.escape(given)}(?={SPOKEN_TITLES})"
    yield rf"(?P<own>{family})(?={SPOKEN_TITLES}|[xX×*＊]{{1,3}})"
    yield rf"[小老阿大]{family}(?![{HAN}]?[路街巷村镇区桥])"
    yield rf"(?<=姓){family}|(?<=免贵){family}|(?<=我叫){family}"


def _number_forms(number: str) -> Iterator[str]:
    """All of a number in digits or words, however it is grouped; its end where a word says that it is one."""
    plain = re.sub(r"^(?:\+|00)86(?=1\d{10}$)", "", bare(folded(number)).upper())
    if len(plain) < SHORTEST_NUMBER:
        return
    yield rf"(?i:{GAP.join(_sign(sign) for sign in plain)})"
    if len(plain) > 2 * TAIL:
        for length in (TAIL, TAIL + 2):
            end = GAP.join(_sign(sign) for sign in plain[-length:])
            yield rf"(?i:(?:尾号|末尾|[后末最][^，。；]{{0,4}}位|结尾)[^，。；\d]{{0,4}}(?P<own>{end}))"


def _sign(sign: str) -> str:
    return ONE_OF.get(sign, re.escape(sign))


def _birth_in(number: str) -> str:
    """The date of birth inside an identity number; "" where it is none."""
    found = re.fullmatch(r"\d{6}((?:18|19|20)\d{2})(\d{2})(\d{2})\d{3}[\dXx]", bare(folded(number)))
    return "-".join(found.groups()) if found else ""


def _address_forms(address: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The whole address, and each part of it that is more than a district: street, estate, door."""
    coarse = COARSE.match(address)
    fine = address[coarse.end() :] if coarse else address
    parts = [match.group() for match in PART.finditer(fine)]
    if fine:
        whole = r"\s?".join(re.escape(sign) for sign in re.sub(r"\s", "", fine))
        yield (fine[:2],), rf"(?:{re.escape(address[: len(address) - len(fine)])})?{whole}"
    for part in parts:
        if re.match(r"[A-Z]?\d", part):
            yield _door_needles(part), rf"(?<![\d.:]){_door(part)}(?![\d.:])"
        elif len(part) >= SHORTEST_PART and part not in COMMON:
            ending = rf"(?:[东南西北中]?(?:[一二三四五六七八九十]|\d{{1,2}})?段|{_doors(parts)})?"
            yield (part,), re.escape(part) + ending


def _door_needles(part: str) -> tuple[str, ...]:
    number = re.sub(r"\D.*", "", part.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    return tuple(filter(None, (number, _in_words(number))))


def _door(part: str) -> str:
    """88号 as 88号, 八十八号 or 88 號; a bare number only with such a word behind it."""
    number = re.match(r"[A-Z]?[\d-]+", part)
    digits, word = (number.group(), part[number.end() :]) if number else (part, "")
    spoken = "|".join({re.escape(digits), _in_words(digits)} - {""})
    return rf"(?:{spoken})\s?(?:{re.escape(word)}|號|号)" if word else rf"(?:{spoken})(?:号|室|房|栋|单元)"


def _doors(parts: list[str]) -> str:
    doors = [_door(part) for part in parts if re.match(r"[A-Z]?\d", part)]
    return "|".join(doors) or "(?!)"


def _in_words(digits: str) -> str:
    """88 -> 八十八; only what people say so: up to 999."""
    if not digits.isdecimal() or not 0 < int(digits) <= SAID_SO:
        return ""
    hundreds, tens, ones = (int(digits) // 100, int(digits) // 10 % 10, int(digits) % 10)
    text = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{DIGITS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (DIGITS[ones] if ones else "")
