"""Names of people: what jieba takes for one, what a word before or after announces, foreign names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from apps.privacy.finder.data import Finding, Kind
from apps.privacy.finder.namewords import BEFORE, GIVEN, NEXT, NO_NAMES, PLACE, REACH, TITLE
from apps.privacy.finder.segmentation import tagged
from apps.privacy.finder.surnames import surname_of

HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]")
FOREIGN = re.compile(r"[\u4e00-\u9fff]{2,5}·[\u4e00-\u9fff]{2,6}(?:·[\u4e00-\u9fff]{2,6})?")
ANNOUNCED = (
    r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.? |"
    r"\b(?:[Mm]y name is|[Nn]ame:|[Pp]atient|[Cc]ontact|[Ss]tudent|[Tt]eacher|[Dd]river|[Ii] am|[Cc]aller) ?"
)
LATIN = re.compile(rf"(?:{ANNOUNCED})(?P<name>[A-Z][a-z]+(?: [A-Z][a-z]+){{1,2}})")
PERSON = frozenset({"nr", "nrt", "nrfg"})
LIST_MARKS = "、和与及，"
EVIDENCE = 0.6


@dataclass(frozen=True, slots=True)
class Words:
    """A text with the words that jieba cuts it into."""

    text: str
    words: tuple[tuple[str, str], ...]
    starts: tuple[int, ...]
    ends: frozenset[int]

    def word_at(self, place: int) -> tuple[int, str, str]:
        """Start, word and tag of the word that holds the character at ``place``."""
        for start, (word, tag) in zip(self.starts, self.words, strict=True):
            if start <= place < start + len(word):
                return start, word, tag
        return place, "", ""


def names(text: str) -> Iterator[Finding]:
    """Names with a family name; "Mr Wang" alone tells of too many people to be one."""
    yield from latin_names(text)
    if HAN.search(text):
        cut = tuple(tagged(text))
        ends = tuple(accumulate(len(word) for word, _tag in cut))
        starts = tuple(end - len(word) for end, (word, _tag) in zip(ends, cut, strict=True))
        yield from chinese_names(Words(text, cut, starts, frozenset(ends)))


def latin_names(text: str) -> Iterator[Finding]:
    """Names with a middle dot, and Latin names behind a form of address."""
    for match in FOREIGN.finditer(text):
        yield Finding(Kind.NAME, match.start(), match.end(), 0.8)
    for match in LATIN.finditer(text):
        yield Finding(Kind.NAME, match.start("name"), match.end("name"), 0.8)


def chinese_names(words: Words) -> Iterator[Finding]:
    """Every place where a family name stands and the evidence is enough."""
    place, last = 0, -1
    while place < len(words.text):
        family = surname_of(words.text[place : place + 2])
        found = _name_at(words, place, family, last) if family else None
        if found is None:
            place += 1
            continue
        yield found
        place = last = found.end


def _name_at(words: Words, place: int, family: str, last: int) -> Finding | None:
    """The likeliest name that begins at ``place``: three characters before two."""
    for given in (2, 1):
        end = place + len(family) + given
        name = words.text[place:end]
        if len(name) != len(family) + given or not GIVEN.match(name[len(family) :]):
            continue
        belief = _belief(words, place, end, last)
        if belief >= EVIDENCE:
            return Finding(Kind.NAME, place, end, belief)
    return None


def _belief(words: Words, place: int, end: int, last: int) -> float:
    """How much speaks for a name from ``place`` to ``end``: 0 when something speaks against it."""
    text = words.text
    name, after = text[place:end], text[end:]
    if name[:2] in NO_NAMES or name[:3] in NO_NAMES or name[-1] in NEXT or PLACE.match(after):
        return 0.0
    if any(PLACE.fullmatch(name[cut:]) for cut in range(1, len(name))):
        return 0.0
    start, word, tag = words.word_at(place)
    cuts = end in words.ends
    if TITLE.match(after) and start == place:
        return 0.9
    before = BEFORE.search(text[max(0, place - REACH) : place])
    if before and cuts:
        return 0.9 if before["strong"] or _is_free(name, word, tag) else 0.0
    listed = last >= 0 and text[last:place] in tuple(LIST_MARKS)
    if listed and cuts and _is_free(name, word, tag):
        return 0.7
    is_person = start == place and word == name and tag in PERSON
    return 0.65 if is_person else 0.0


def _is_free(name: str, word: str, tag: str) -> bool:
    """Whether the first characters are no other word: one that jieba knows and does not take for a person."""
    return len(word) == 1 or tag in PERSON or word == name or word == surname_of(name)
