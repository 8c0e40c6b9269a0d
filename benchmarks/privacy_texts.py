"""How well the mask of free text hides people: on the demonstration's hotline, on 400 sentences by rule.

Recall: the pieces of personal data of which no character stays. Precision: the pieces taken out that touch
personal data; the other half of the sentences has none. ``develop`` prints the faults of another seed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass

from apps.domains.city.network.calls import calls
from apps.privacy.finder import Own
from apps.privacy.masks.texts import pieces, text_masked
from benchmarks.figures import Figure
from benchmarks.finder.callers import SEED, Sentence, sentences

RECALL, PRECISION = 0.97, 0.97


@dataclass
class Score:
    """Pieces of personal data hidden and left, pieces taken out rightly and wrongly."""

    hidden: int = 0
    left: int = 0
    right: int = 0
    wrong: int = 0

    @property
    def recall(self) -> float:
        """The part of the personal data that is gone."""
        return self.hidden / (self.hidden + self.left)

    @property
    def precision(self) -> float:
        """The part of what was taken out that was personal."""
        return self.right / (self.right + self.wrong)


def score(corpus: Iterable[Sentence], *, show: bool = False) -> Score:
    """The mask over some sentences."""
    found = Score()
    for one in corpus:
        out = pieces(one.text, own_of(one))
        gone = {place for piece in out for place in range(piece.start, piece.end)}
        left = [span for span in one.spans if not gone.issuperset(range(span[1], span[2]))]
        wrong = [
            piece for piece in out if not any(piece.start < b and a < piece.end for _k, a, b in one.spans)
        ]
        found.left += len(left)
        found.hidden += len(one.spans) - len(left)
        found.wrong += len(wrong)
        found.right += len(out) - len(wrong)
        if show and (left or wrong):
            faults = [f"-{kind}:{one.text[a:b]}" for kind, a, b in left]
            faults += [f"+{piece.kind}:{one.text[piece.start : piece.end]}" for piece in wrong]
            print(" ".join(faults), "|", one.text, "|", text_masked(one.text, own_of(one)))
    return found


def own_of(one: Sentence) -> Own:
    """What the row beside a sentence knows."""
    known = (one.name, one.phone, one.address)
    names, numbers, addresses = ((value,) if value else () for value in known)
    return Own(names, numbers, addresses)


def demonstration() -> tuple[int, int]:
    """How many texts of the demonstration tell something of their caller, as they are and masked."""
    before = after = 0
    for call in calls():
        street = call.address.removeprefix("海澄市").rstrip("0123456789号")
        telling = (street, call.name, f"{call.name[0]}先生", f"{call.name[0]}女士", call.phone, call.identity)
        own = Own((call.name,), (call.phone, call.identity), (call.address,))
        before += any(word in call.text for word in telling)
        after += any(word in text_masked(call.text, own) for word in telling)
    return before, after


def main() -> None:
    """Faults on a seed to develop on, or the figures."""
    if "develop" in sys.argv:
        found = score(sentences(seed=SEED + 1), show=True)
        print(f"precision {found.precision:.3f}, recall {found.recall:.3f}")
        return
    begin, corpus = time.perf_counter(), [*sentences()]
    found = score(corpus)
    seconds = time.perf_counter() - begin
    Figure("privacy_texts", "recall", found.recall, "1", goal=RECALL).show()
    Figure("privacy_texts", "precision", found.precision, "1", goal=PRECISION).show()
    before, after = demonstration()
    Figure(
        "privacy_texts", "demonstration texts that tell of their caller, masked", after, "texts", before
    ).show()
    Figure("privacy_texts", "speed", sum(len(one.text) for one in corpus) / seconds, "characters/s").show()


if __name__ == "__main__":
    main()
