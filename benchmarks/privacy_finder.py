"""How well the finder finds personal data: precision and recall on sentences that it was not made on.

``benchmarks/finder/sentences.tsv`` holds invented sentences, personal data in ``[kind:value]``; the finder
was developed on one half and is measured on the other. The reference is a page of regular
expressions.
Run ``python -m benchmarks.privacy_finder develop`` to see the faults of the half to develop on.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from apps.privacy.finder import Kind, find
from benchmarks.figures import Figure

SENTENCES = Path(__file__).with_name("finder") / "sentences.tsv"
MARK = re.compile(r"\[(?P<kind>[a-z]+):(?P<value>[^\]]+)\]")
PRECISION, RECALL = 0.95, 0.90
SAME = 0.5  # shared characters of two spans, by those of both together
PLAIN = {
    Kind.IDENTITY: r"\d{17}[\dXx]|\d{15}",
    Kind.BANK: r"\d{16,19}",
    Kind.MOBILE: r"1[3-9]\d{9}",
    Kind.LANDLINE: r"0\d{2,3}-?\d{7,8}",
    Kind.PASSPORT: r"[EGP][A-Z]?\d{7,8}",
    Kind.PERMIT: r"[HMCLT]\d{8}",
    Kind.PLATE: r"[\u4e00-\u9fff][A-Z]·?[A-Z0-9]{5,6}",
    Kind.EMAIL: r"[\w.+-]+@[\w-]+\.[\w.]+",
    Kind.WECHAT: r"(?<=微信号：)\w+|(?<=微信)[A-Za-z]\w+",
    Kind.ADDRESS: r"[\u4e00-\u9fff]{2,12}(?:路|街|巷|里|小区|花园)\d+号(?:楼|院)?(?:\d+(?:号楼|栋|单元|室))*",
    Kind.NAME: r"[\u4e00-\u9fff]{2,3}(?=先生|女士|老师|同学)|(?:(?<=联系人)|(?<=我叫))[\u4e00-\u9fff]{2,3}",
}
Span = tuple[Kind, int, int]


@dataclass
class Tally:
    """What was right, wrong and missed, by kind."""

    right: Counter[Kind] = field(default_factory=Counter)
    wrong: Counter[Kind] = field(default_factory=Counter)
    missed: Counter[Kind] = field(default_factory=Counter)

    def precision(self, kinds: Iterable[Kind]) -> float:
        """The part of what was found that is right; 1.0 when nothing was found."""
        right, wrong = (sum(counts[kind] for kind in kinds) for counts in (self.right, self.wrong))
        return right / (right + wrong) if right + wrong else 1.0

    def recall(self, kinds: Iterable[Kind]) -> float:
        """The part of the personal data that was found."""
        right, missed = (sum(counts[kind] for kind in kinds) for counts in (self.right, self.missed))
        return right / (right + missed) if right + missed else 1.0


def sentences(half: str) -> Iterator[tuple[str, list[Span]]]:
    """Each sentence of one half without its marks, and where its personal data stand."""
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        name, _, marked = line.partition("\t")
        if name == half:
            yield unmarked(marked)


def unmarked(marked: str) -> tuple[str, list[Span]]:
    """The sentence and its spans: ``我叫[name:王小明]`` -> ``我叫王小明``, one name from 2 to 5."""
    text, spans, place = "", [], 0
    for match in MARK.finditer(marked):
        text += marked[place : match.start()]
        spans.append((Kind(match["kind"]), len(text), len(text) + len(match["value"])))
        text, place = text + match["value"], match.end()
    return text + marked[place:], spans


def plain(text: str) -> list[Span]:
    """What a page of regular expressions finds, the first kind that fits."""
    found: list[Span] = []
    for kind, pattern in PLAIN.items():
        for match in re.finditer(rf"(?<![\dA-Za-z])(?:{pattern})(?![\dA-Za-z])", text):
            if not any(match.start() < end and start < match.end() for _kind, start, end in found):
                found.append((kind, match.start(), match.end()))
    return found


def ours(text: str) -> list[Span]:
    """What the finder finds."""
    return [(one.kind, one.start, one.end) for one in find(text)]


def same(one: Span, other: Span) -> bool:
    """Whether two spans are of one kind and share most of their characters."""
    shared = min(one[2], other[2]) - max(one[1], other[1])
    return one[0] == other[0] and shared / (max(one[2], other[2]) - min(one[1], other[1])) >= SAME


def tally(half: str, finder: Callable[[str], list[Span]], *, show: bool = False) -> Tally:
    """One finder over one half."""
    counts = Tally()
    for text, spans in sentences(half):
        found = finder(text)
        wrong = [one for one in found if not any(same(one, span) for span in spans)]
        missed = [span for span in spans if not any(same(one, span) for one in found)]
        counts.right.update(span[0] for span in spans if span not in missed)
        counts.wrong.update(one[0] for one in wrong)
        counts.missed.update(span[0] for span in missed)
        if show and (wrong or missed):
            words = {"+": wrong, "-": missed}
            faults = [f"{sign}{kind}:{text[a:b]}" for sign, ones in words.items() for kind, a, b in ones]
            print(" ".join(faults), "|", text)
    return counts


def main() -> None:
    """Faults of the half to develop on, or the figures of the other half."""
    if "develop" in sys.argv:
        counts = tally("develop", ours, show=True)
        print(f"precision {counts.precision(Kind):.3f}, recall {counts.recall(Kind):.3f}")
        return
    mine, theirs = tally("held-out", ours), tally("held-out", plain)
    for kind in Kind:
        Figure(
            "privacy_finder", f"precision {kind}", mine.precision([kind]), "1", theirs.precision([kind])
        ).show()
        Figure("privacy_finder", f"recall {kind}", mine.recall([kind]), "1", theirs.recall([kind])).show()
    print_goals(mine, theirs)
    speed()


def print_goals(mine: Tally, theirs: Tally) -> None:
    """The figures over all kinds: ours against the goal, and the reference as a figure of its own."""
    for name, value, goal in (
        ("precision", mine.precision(Kind), PRECISION),
        ("recall", mine.recall(Kind), RECALL),
    ):
        Figure("privacy_finder", name, value, "1", goal=goal).show()
    Figure("privacy_finder", "precision of plain expressions", theirs.precision(Kind), "1").show()
    Figure("privacy_finder", "recall of plain expressions", theirs.recall(Kind), "1").show()


def speed() -> None:
    """Characters a second, after jieba has been loaded."""
    texts = [text for text, _spans in sentences("held-out")]
    begin = time.perf_counter()
    for text in texts:
        find(text)
    Figure(
        "privacy_finder", "speed", sum(map(len, texts)) / (time.perf_counter() - begin), "characters/s"
    ).show()


if __name__ == "__main__":
    main()
