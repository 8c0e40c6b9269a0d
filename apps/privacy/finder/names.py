"""Names of people: what jieba takes for one, what a word before or after announces, foreign names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from apps.privacy.finder.data import Finding, Kind
from apps.privacy.finder.namewords import (
    BEFORE,
    FACTS,
    FIRM,
    GIVEN,
    NEXT,
    NO_END,
    NO_NAMES,
    PLACE,
    PREPOSITION,
    REACH,
    ROW,
    SPEAKS,
    TITLE,
)
from apps.privacy.finder.segmentation import tagged
from apps.privacy.finder.surnames import GIVEN as USUAL
from apps.privacy.finder.surnames import surname_of

HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]")
FOREIGN = re.compile(r"[\u4e00-\u9fff]{2,5}·[\u4e00-\u9fff]{2,6}(?:·[\u4e00-\u9fff]{2,6})?")
ANNOUNCED = (
    r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.? |"
    r"\b(?:[Mm]y name is|[Nn]ame:|[Pp]atient|[Cc]ontact|[Ss]tudent|[Tt]eacher|[Dd]river|[Ii] am|[Cc]aller) ?"
)
LATIN = re.compile(rf"(?:{ANNOUNCED})(?P<name>[A-Z][a-z]+(?: [A-Z][a-z]+){{1,2}})")
PERSON = frozenset({"nr", "nrt", "nrfg"})
LIST_MARKS = frozenset("、和与及，")
CLAUSE = frozenset("，。；：！？、 \n")
SHORT_TITLES = frozenset("总工董")
# Family names that are everyday words: they need more than a place to stand.
DOUBTFUL = frozenset("于和向全任单连应时成常安万平因有从代关解计边尚都并且等")
RARE = frozenset("和单从应等都并且")  # far oftener words than family names, whatever jieba says
CLEAR = frozenset(
    {"欧阳", "司马", "上官", "诸葛", "皇甫", "慕容", "令狐", "端木", "夏侯", "尉迟", "闻人", "澹台"}
)
EVIDENCE, CERTAIN = 0.6, 0.95


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
    yield from names_in_rows(text)
    if HAN.search(text):
        cut = tagged(text)
        ends = tuple(accumulate(len(word) for word, _tag in cut))
        starts = tuple(end - len(word) for end, (word, _tag) in zip(ends, cut, strict=True))
        yield from chinese_names(Words(text, cut, starts, frozenset(ends)))


def latin_names(text: str) -> Iterator[Finding]:
    """Names with a middle dot, and Latin names behind a form of address."""
    for match in FOREIGN.finditer(text):
        yield Finding(Kind.NAME, match.start(), match.end(), 0.8)
    for match in LATIN.finditer(text):
        yield Finding(Kind.NAME, match.start("name"), match.end("name"), 0.8)


def names_in_rows(text: str) -> Iterator[Finding]:
    """Names in a row whose number is told: whatever the words are, there are so many people."""
    for match in ROW.finditer(text):
        parts = re.split("([、和])", match["row"])
        starts = accumulate((len(part) for part in parts), initial=match.start("row"))
        people = [(start, part) for start, part in zip(starts, parts, strict=False) if part not in "、和"]
        if all(surname_of(part) for _start, part in people):
            yield from (Finding(Kind.NAME, start, start + len(part), 0.9) for start, part in people)


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
    best = Finding(Kind.NAME, place, place, 0.0)
    for given in (2, 1):
        end = place + len(family) + given
        if not GIVEN.match(words.text[place + len(family) : end].ljust(given)):
            continue
        belief = _belief(words, Piece(words, place, end, family), last)
        if belief > best.confidence:
            best = Finding(Kind.NAME, place, end, belief)
    return best if best.confidence >= EVIDENCE else None


class Piece:
    """A piece of the text that may be a name, and what jieba makes of it."""

    def __init__(self, words: Words, place: int, end: int, family: str) -> None:
        self.name, self.after, self.before = words.text[place:end], words.text[end:], words.text[:place]
        self.given = self.name[len(family) :]
        self.start, self.word, self.tag = words.word_at(place)
        self.begins = self.start == place
        self.cuts = end in words.ends
        self.is_person = self.begins and self.word == self.name and self.tag in PERSON
        self.is_split = self.begins and self.word == family and self.cuts
        self.is_doubtful = family in DOUBTFUL
        self.last = words.word_at(end - 1)

    @property
    def is_no_name(self) -> bool:
        """Whether something speaks against a name, whatever stands around it."""
        name, given = self.name, self.given
        is_known = name in NO_NAMES or (self.word[:2] == name[:2] in NO_NAMES and not self.is_person)
        ends_wrong = given[-1] in NEXT and not self.is_person
        return is_known or ends_wrong or self.is_title or bool(PLACE.match(self.after))

    @property
    def looks_given(self) -> bool:
        """Whether jieba takes the family name or the given name, cut apart, for a person."""
        start, word, tag = self.last
        return self.tag in PERSON or (
            tag in PERSON and start == len(self.before) + len(self.name) - len(word)
        )

    @property
    def is_longer(self) -> bool:
        """Whether jieba found a person and left the last character alone: 卢梓 + 军."""
        _start, word, tag = self.last
        is_name = self.begins and self.tag in PERSON and self.word == self.name[:-1]
        is_word = tag.startswith("n") or tag.endswith("g")
        return is_name and word == self.name[-1] and is_word and word not in NO_END

    @property
    def stands(self) -> bool:
        """Whether a clause begins here, or a word that people follow ends here."""
        return not self.before or self.before[-1] in CLAUSE or bool(PREPOSITION.search(self.before))

    @property
    def is_usual(self) -> bool:
        """Whether a clause begins with a family name and two characters that given names are made of."""
        return self.stands and self.cuts and len(self.given) > 1 and USUAL.issuperset(self.given)

    @property
    def is_title(self) -> bool:
        """Whether only a form of address follows the family name: 李先生, 周总."""
        return bool(TITLE.match(self.given)) or self.given in SHORT_TITLES

    @property
    def is_place(self) -> bool:
        """Whether the end of the piece is that of a place or a firm: 王家村."""
        return any(PLACE.fullmatch(self.name[cut:]) for cut in range(1, len(self.name)))

    @property
    def is_free(self) -> bool:
        """Whether the first characters are no other word: one that jieba knows and takes for no person."""
        return not self.begins or len(self.word) == 1 or self.tag in PERSON or self.is_split


def _belief(words: Words, piece: Piece, last: int) -> float:
    """How much speaks for a name: 0 when something speaks against it."""
    if _acts(piece):
        return 0.8
    announced = _announced(piece)
    if piece.is_no_name and announced < CERTAIN:
        return 0.0
    if announced or piece.is_place:
        return announced
    is_one = piece.is_person or piece.name[0] not in RARE
    return 0.9 if is_one and piece.begins and TITLE.match(piece.after) else _unannounced(words, piece, last)


def _unannounced(words: Words, piece: Piece, last: int) -> float:
    """What jieba says of a piece that no word announces, and whether it stands in a list of names."""
    place = len(piece.before)
    if last >= 0 and words.text[last:place] in LIST_MARKS and piece.cuts and piece.is_free:
        return 0.7
    if piece.is_split and not piece.is_doubtful and (piece.looks_given or piece.name[:2] in CLEAR):
        return 0.65
    is_one = (piece.is_person or piece.is_longer or piece.is_usual) and piece.name[0] not in RARE
    return 0.68 if is_one else 0.0


def _announced(piece: Piece) -> float:
    """What a word before it says: "contact person" is followed by a name, "pupil" often is."""
    before = BEFORE.search(piece.before[-REACH:])
    if before is None or FIRM.search(piece.name[1:]):
        return 0.0
    if before["strong"] and before["link"] and piece.cuts and not piece.is_title:
        return CERTAIN
    if before["strong"]:
        return 0.9 if piece.cuts else 0.6
    if not piece.is_free or (piece.is_doubtful and not (piece.is_person or piece.looks_given)):
        return 0.0
    return 0.85 if piece.cuts else 0.0


def _acts(piece: Piece) -> bool:
    """Whether a clause begins here and somebody speaks in it: 方便舟投诉, 江南雨，电话."""
    if not (piece.stands or piece.before.endswith("的")) or not piece.cuts or piece.is_title:
        return False
    whole = len(piece.given) > 1 and piece.given[-1] not in NEXT and piece.given[-1] not in NO_END
    return bool(FACTS.match(piece.after) or (whole and not piece.is_doubtful and SPEAKS.match(piece.after)))
