"""The linkage attack: somebody who knows quasi-identifiers looks for people in a release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Linkage:
    """How far the attacker comes, as parts of the people whom he looks for."""

    targets: int
    unique: float  # exactly one person fits: found
    expected: float  # how many he finds when he guesses among those who fit
    disclosed: float  # whoever of them it is, the sensitive value is the same


def linkage_attack(
    known: Iterable[Hashable], release: Iterable[tuple[Hashable, Hashable, Hashable]]
) -> Linkage:
    """The success against ``known``, the quasi-identifiers of the targets in the form of the release.

    ``release`` gives for each row its quasi-identifiers, its pseudonym and its sensitive value.
    """
    people: dict[Hashable, dict[Hashable, set[Hashable]]] = defaultdict(lambda: defaultdict(set))
    for quasi, pseudonym, sensitive in release:
        people[quasi][pseudonym].add(sensitive)
    targets = list(known)
    unique = sum(len(people.get(one, {})) == 1 for one in targets)
    expected = sum(1 / len(people[one]) for one in targets if one in people)
    disclosed = sum(_is_uniform(people[one]) for one in targets if one in people)
    total = max(len(targets), 1)
    return Linkage(len(targets), unique / total, expected / total, disclosed / total)


def _is_uniform(group: Mapping[Hashable, set[Hashable]]) -> bool:
    return len(set().union(*group.values())) == 1
