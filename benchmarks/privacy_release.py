"""What a linkage attack finds in raw rows and in a release of them, and how long the release takes.

20,000 planted people with sex, district, date of birth and one of eight illnesses; the attacker knows the
first three of everybody. The reference is the same table with its names taken out and nothing else.
"""

from __future__ import annotations

import random
import time
from datetime import date, timedelta

from apps.privacy.anonymity import HIERARCHIES, Found, Wanted, generalised, least_loss, linkage_attack
from apps.privacy.anonymity.measures import codes_of
from benchmarks.figures import Figure
from benchmarks.sizes import size

PEOPLE, K, L = size(20_000, 2000), 5, 2
KINDS = ("category", "division", "birth")
Person = tuple[str, str, date, str]


def planted() -> list[Person]:
    """The same people every time."""
    draw = random.Random(7)
    first = date(1940, 1, 1)
    return [
        (
            draw.choice(("female", "male")),
            draw.choice(("359901", "359902", "359903", "359904")),
            first + timedelta(days=draw.randrange(25_000)),
            draw.choice(("I10", "E11", "J45", "K21", "M54", "F32", "N39", "G43")),
        )
        for _number in range(PEOPLE)
    ]


def released(people: list[Person]) -> tuple[Found, list[tuple[str, ...]]]:
    """The least loss that keeps k and l, and the quasi-identifiers of every row as they are released."""
    words = [
        [generalised([person[place] for person in people], level) for level in HIERARCHIES[kind]]
        for place, kind in enumerate(KINDS)
    ]
    found = least_loss(
        [[codes_of(level) for level in column] for column in words],
        persons=codes_of([str(number) for number in range(len(people))]),
        sensitive=[codes_of([person[3] for person in people])],
        wanted=Wanted(k=K, distinct_l=L),
    )
    if found is None:
        message = "the planted people cannot be made anonymous"
        raise RuntimeError(message)
    chosen = [column[level] for column, level in zip(words, found.levels, strict=True)]
    return found, list(zip(*chosen, strict=True))


def main() -> None:
    """The figures, one line each."""
    people = planted()
    begin = time.perf_counter()
    found, told = released(people)
    seconds = time.perf_counter() - begin
    raw = linkage_attack(
        [person[:3] for person in people],
        [(person[:3], number, person[3]) for number, person in enumerate(people)],
    )
    rows = [(told[number], number, person[3]) for number, person in enumerate(people) if found.kept[number]]
    after = linkage_attack(told, rows)
    for name, ours, theirs in (
        ("people found", after.unique, raw.unique),
        ("people guessed right", after.expected, raw.expected),
        ("illnesses told", after.disclosed, raw.disclosed),
    ):
        Figure("privacy_release", name, ours, "1", theirs, goal=0.2, at_most=True).show()
    Figure("privacy_release", "smallest group", found.measures.k, "persons", goal=K).show()
    Figure("privacy_release", "loss", found.loss, "1").show()
    Figure("privacy_release", f"seconds for {PEOPLE:,} rows", seconds, "s").show()


if __name__ == "__main__":
    main()
