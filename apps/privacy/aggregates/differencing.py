"""The differencing guard: two answers that differ by few people tell of these people.

A question is refused when, together with what the same recipient has been told before, it would give the
count of fewer than k persons: by the difference of two sets, by that to the whole population, or by what
remains of a set without the answered sets inside it (the "tracker" of D. Denning et al., TODS 4(1), 1979).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Persons = NDArray[np.int64]


class Answered:
    """Sets of persons that somebody has been told the size of."""

    def __init__(self, sets: Iterable[Persons] = ()) -> None:
        self.sets = [np.unique(one) for one in sets]

    def packed(self) -> bytes:
        """The sets as bytes, to be kept."""
        sizes = np.array([len(self.sets), *(len(one) for one in self.sets)], dtype=np.int64)
        return zlib.compress(np.concatenate([sizes, *self.sets]).astype(np.int64).tobytes())

    @classmethod
    def unpacked(cls, data: bytes) -> Answered:
        """The sets that ``packed`` wrote."""
        numbers = np.frombuffer(zlib.decompress(data), dtype=np.int64)
        count = int(numbers[0])
        if not count:
            return cls()
        ends = np.cumsum(numbers[1 : count + 1])[:-1]
        return cls(np.split(numbers[count + 1 :], ends))


def differs_by_few(
    asked: Sequence[Persons], earlier: Sequence[Persons], *, population: Persons, k: int
) -> bool:
    """Whether the sizes of ``asked``, added to those of ``earlier``, single out fewer than ``k`` persons."""
    whole = np.unique(population)
    known = [whole, *(np.unique(one) for one in earlier)]
    for raw in asked:
        one = np.unique(raw)
        if _is_few(len(one), k) or any(_pair_tells(one, other, whole, k) for other in known):
            return True
        known.append(one)
        if any(_rest_tells(large, known, k) for large in known if _holds(large, one)):
            return True
    return False


def _is_few(count: int, k: int) -> bool:
    return 0 < count < k


def _pair_tells(one: Persons, other: Persons, whole: Persons, k: int) -> bool:
    apart = len(np.setxor1d(one, other, assume_unique=True))
    return _is_few(apart, k) or _is_few(len(whole) - apart, k)


def _holds(large: Persons, small: Persons) -> bool:
    return len(small) <= len(large) and bool(np.isin(small, large, assume_unique=True).all())


def _rest_tells(large: Persons, known: Sequence[Persons], k: int) -> bool:
    """Whether ``large`` without the answered sets inside it is a handful of people."""
    inside = [one for one in known if len(one) < len(large) and _holds(large, one)]
    if not inside:
        return False
    rest = np.setdiff1d(large, np.concatenate(inside), assume_unique=False)
    return _is_few(len(rest), k)
