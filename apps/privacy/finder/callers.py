"""People whom a text names in part: a family name with a title, a name that only its place tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from apps.privacy.finder.data import Finding, Kind
from apps.privacy.finder.names import DOUBTFUL, PERSON
from apps.privacy.finder.namewords import NEXT, NO_END, NO_NAMES, PLACE, STRONG, TITLES, WEAK
from apps.privacy.finder.segmentation import tagged
from apps.privacy.finder.surnames import COMPOUND, SINGLE, surname_of
from apps.privacy.finder.surnames import GIVEN as USUAL

LIKELY = 0.75
HAN = "\u4e00-\u9fff"
FAMILY = rf"(?:{'|'.join(COMPOUND)}|[{''.join(sorted(SINGLE))}])"
# Forms of address behind a family name alone.
TITLE = (
    rf"(?:{TITLES}|大叔|大伯|伯伯|伯母|婶婶|大姐|大哥|太太|夫人|老板娘?|婆婆|爷爷|奶奶|工程师|[站村镇处厂店园所]长|教练|技术员|馆长|"
    rf"董事长|姐|哥|嫂子?|婶|叔|伯|总(?![共是之计体额的部])|"
    rf"工(?![地人作程厂业会具资商艺序期伤种龄钱])|某某|某(?![{HAN}]?[些个种天])|[xX×*＊○]{{1,3}}(?![A-Za-z\d]))"
)
TITLED = re.compile(rf"(?<=.){TITLE}$")
ADDRESSED = re.compile(rf"(?P<family>{FAMILY})(?P<given>[{HAN}]{{0,2}}?)(?={TITLE})")
NO_FAMILY = frozenset("区时路车包石花熊鱼商家米水雷康白成安平全师总")  # 小区, 小时, 大家: words, not people
FAMILIAR = re.compile(rf"[小老阿大][{''.join(sorted(SINGLE - NO_FAMILY))}]")
FOLLOWS = re.compile(rf"$|[，。；、！？的说称和在是也不家又就给把让跟老]|反映|投诉|来电|{TITLE}")
NAMED = re.compile(
    rf"(?<![百万同异老])姓(?P<family>{FAMILY})(?![名氏])|免贵(?P<polite>{FAMILY})(?=[，。,；\s]|$)"
)
# After these a name stands whatever it looks like: without a family name, cut by blanks, in Latin letters.
CALLED = re.compile(
    r"(?:我叫|名叫|名字叫?|姓名|全名|联系人|本名|曾用名|外籍|外教|老外)(?:是|为|叫|：|:| ){0,2}"
    rf"(?P<name>[{HAN}](?:\s+[{HAN}]){{1,3}}(?![{HAN}])|[{HAN}·]{{2,7}}?(?=[，,。；;（(、\s]|$)|"
    r"[A-Z][a-z]+(?: [A-Z][a-z]+){0,2})"
)
FOREIGN = re.compile(rf"[{HAN}]{{2,8}}·[{HAN}]{{2,8}}(?:·[{HAN}]{{2,8}})?")
NO_ANSWER = re.compile(
    r"[了过她他很太真也是]|保安|物业|警|车|外卖|不|没|未|是否|怎么|如何|被|写错|错|变更|登记|填|改|保密|信息|电话|和"
)
ANNOUNCED = re.compile(
    rf"(?:{STRONG}|{WEAK})(?:是|叫|为|：|:| ){{0,2}}(?P<name>{FAMILY}[{HAN}]{{1,2}})"
    r"(?=[，,。；;（(、\s]|的|$)"
)
CLAUSE = re.compile(
    r"(?:^|[，。；：！？、\s（(“\"]|[位名叫是找由请跟]|联系|姓名|业主|居民|邻居|同事|住户|家属|老人|患者|司机|房东|租客)$"
)
PREPOSITION, POLITE = frozenset({"p", "c"}), re.compile("先生|女士|小姐")
WHOLE = range(2, 5)  # characters of a whole name
Tagged = dict[int, tuple[str, str]]  # where a word begins -> the word and its tag


def callers(text: str) -> Iterator[Finding]:
    """Names that a mask takes out though a finder could not be sure: too many people are called so."""
    for match in NAMED.finditer(text):
        name = "family" if match["family"] else "polite"
        yield _name(match.start(name), match.end(name))
    for match in FOREIGN.finditer(text):
        yield _name(*match.span())
    for match in CALLED.finditer(text):
        if _may_be_name(match["name"]) and not NO_ANSWER.match(match["name"]):
            yield _name(match.start("name"), match.end("name"))
    if re.search(f"[{HAN}]", text):
        cut = tagged(text)
        starts = accumulate((len(word) for word, _tag in cut), initial=0)
        words = dict(zip(starts, cut, strict=False))
        yield from _in_part(text, words)
        yield from _whole(text, words)


def _name(start: int, end: int) -> Finding:
    return Finding(Kind.NAME, start, end, LIKELY)


def _in_part(text: str, words: Tagged) -> Iterator[Finding]:
    """王 of 王先生, 小王, and a name behind 患者 or 业主."""
    for match in ADDRESSED.finditer(text):
        if _is_addressed(text, match, words):
            yield _name(*match.span())
    for match in FAMILIAR.finditer(text):
        word, tag = words.get(match.start(), ("", ""))
        is_before = bool(FOLLOWS.match(text[match.end() :])) and len(word) <= len(match.group())
        if is_before or (word == match.group() and tag in PERSON):
            yield _name(*match.span())
    for match in ANNOUNCED.finditer(text):
        if _is_announced(match, words):
            yield _name(match.start("name"), match.end("name"))


def _whole(text: str, words: Tagged) -> Iterator[Finding]:
    """Words that jieba takes for people and that begin with a family name."""
    for start, (word, tag) in words.items():
        is_person = tag in PERSON and len(word) in WHOLE and surname_of(word) and _may_be_name(word)
        after, given = text[start + len(word) :], word[len(surname_of(word)) :]
        is_usual = len(given) > 1 and USUAL.issuperset(given)
        if (
            is_person
            and (is_usual or FOLLOWS.match(after))
            and not (PLACE.match(after) or PLACE.search(word[1:]))
        ):
            title = TITLED.search(word)
            yield _name(start, start + (title.start() if title else len(word)))


def _is_announced(match: re.Match[str], words: Tagged) -> bool:
    """Whether what a word announces is no everyday word: 患者陆海波, but not 业主方面 or 患者康复后."""
    name, (word, tag) = match["name"], words.get(match.start("name"), ("", ""))
    if not _may_be_name(name) or name[-1] in NO_END | NEXT or not word:
        return False
    return tag in PERSON or len(word) == 1 or (len(word) < len(name) and name[0] not in DOUBTFUL)


def _may_be_name(word: str) -> bool:
    return word not in NO_NAMES and not re.fullmatch(TITLE, word)


def _is_addressed(text: str, match: re.Match[str], words: Tagged) -> bool:
    """Whether a word begins with the family name, and is no other word: 社区主任, 提高老师."""
    word, tag = words.get(match.start(), ("", ""))
    if not word or PLACE.match(text[match.end() :]):
        return False
    family, given = match["family"], match["given"]
    if tag in PERSON:
        return True
    if given:  # a whole name with a title is the finder's affair, unless jieba takes it for one
        return False
    if family in DOUBTFUL:
        is_preposition = tag in PREPOSITION and not POLITE.match(text[match.end() :])
        return not is_preposition and bool(CLAUSE.search(text[: match.start()]))
    return word == family or (word.startswith(family) and bool(re.fullmatch(TITLE, word[len(family) :])))
