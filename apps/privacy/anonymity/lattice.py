"""The least generalisation that makes a table anonymous enough.

Every combination of levels is a node of a lattice (P. Samarati, TKDE 13(6), 2001). Nodes are tried from the
least loss on; rows of classes that are still too small or too uniform are suppressed within a limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from apps.privacy.anonymity.measures import (
    Codes,
    Measures,
    class_numbers,
    diversity_by_class,
    measured,
    persons_by_class,
)

MOST_NODES = 20_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a release must promise."""

    k: int = 5
    distinct_l: int = 1
    entropy_l: float = 1.0
    most_suppressed: float = 0.05  # the part of the rows that may be left out


@dataclass(frozen=True, slots=True)
class Found:
    """The node with the least loss: a level for each column, the rows that stay, what the rest promises."""

    levels: tuple[int, ...]
    kept: NDArray[np.bool_]
    loss: float  # 0: nothing was changed; 1: nothing is told
    measures: Measures

    @property
    def suppressed(self) -> int:
        """How many rows were left out."""
        return int(len(self.kept) - self.kept.sum())


def least_loss(
    columns: Sequence[Sequence[Codes]], *, persons: Codes, sensitive: Sequence[Codes], wanted: Wanted
) -> Found | None:
    """The best node, or None when not even the coarsest one is anonymous enough.

    ``columns`` holds for each quasi-identifier the codes of all rows at each level. The loss is the mean
    height of the levels over the rows that stay, and 1 for each row that does not.
    """
    rows, best = len(persons), None
    for height, levels in nodes([len(column) for column in columns]):
        if best is not None and height >= best.loss:
            break  # nodes come by height, and suppression only adds to it
        classes = class_numbers([column[level] for column, level in zip(columns, levels, strict=True)], rows)
        kept = ~weak_rows(classes, persons, sensitive, wanted)
        part = float((~kept).sum()) / rows if rows else 0.0
        loss = height * (1 - part) + part
        if not kept.any() or part > wanted.most_suppressed or (best is not None and loss >= best.loss):
            continue
        best = Found(levels, kept, loss, _measured(classes, persons, sensitive, kept))
    return best


def nodes(heights: Sequence[int]) -> Iterator[tuple[float, tuple[int, ...]]]:
    """Every combination of levels with its mean height, the lowest first."""
    if int(np.prod(heights)) > MOST_NODES:
        message = "too many quasi-identifiers for a full search"
        raise ValueError(message)
    tops = [max(count - 1, 1) for count in heights]
    every = product(*(range(count) for count in heights))
    mean = [(sum(a / b for a, b in zip(node, tops, strict=True)) / max(len(tops), 1), node) for node in every]
    yield from sorted(mean)


def weak_rows(
    classes: Codes, persons: Codes, sensitive: Sequence[Codes], wanted: Wanted
) -> NDArray[np.bool_]:
    """The rows of classes with too few persons or too few sensitive values."""
    if not len(classes):
        return np.zeros(0, dtype=bool)
    weak = persons_by_class(classes, persons) < wanted.k
    for column in sensitive:
        distinct, entropy = diversity_by_class(classes, column)
        weak |= (distinct < wanted.distinct_l) | (entropy < wanted.entropy_l - 1e-9)
    rows: NDArray[np.bool_] = weak[classes]
    return rows


def _measured(
    classes: Codes, persons: Codes, sensitive: Sequence[Codes], kept: NDArray[np.bool_]
) -> Measures:
    left = np.unique(classes[kept], return_inverse=True)[1].astype(np.int64)
    return measured(left, persons[kept], [_dense(column[kept]) for column in sensitive])


def _dense(codes: Codes) -> Codes:
    return np.unique(codes, return_inverse=True)[1].astype(np.int64)
