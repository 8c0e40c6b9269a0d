"""How anonymous a table is: k, l and t of its equivalence classes.

k: L. Sweeney, "k-anonymity", IJUFKS 10(5), 2002. l: A. Machanavajjhala et al., "l-diversity", TKDD 1(1),
2007. t: N. Li et al., "t-closeness", ICDE 2007, with the equal distance: half the sum of differences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Measures:
    """What a release promises; an empty one promises everything and holds nothing."""

    rows: int
    classes: int
    k: int  # persons in the smallest class
    distinct_l: int  # different sensitive values in the poorest class
    entropy_l: float  # e to the entropy of the sensitive values of the poorest class
    t: float  # largest distance of a class from the whole table: 0 is alike, 1 is opposite


def codes_of(values: Sequence[str]) -> Codes:
    """Numbers from 0 on in the place of words."""
    if not len(values):
        return np.zeros(0, dtype=np.int64)
    return np.unique(np.asarray(values, dtype=object).astype(str), return_inverse=True)[1].astype(np.int64)


def class_numbers(columns: Sequence[Codes], rows: int) -> Codes:
    """The equivalence class of each row: rows with equal quasi-identifiers share a number."""
    found = np.zeros(rows, dtype=np.int64)
    for column in columns:
        pairs = found * (int(column.max(initial=0)) + 1) + column
        found = np.unique(pairs, return_inverse=True)[1].astype(np.int64)
    return found


def persons_by_class(classes: Codes, persons: Codes) -> Codes:
    """How many different persons each class holds: a person with ten rows hides nobody else."""
    if not len(classes):
        return np.zeros(0, dtype=np.int64)
    pairs = np.unique(np.stack([classes, persons]), axis=1)
    return np.bincount(pairs[0])


def shares_by_class(classes: Codes, sensitive: Codes) -> NDArray[np.float64]:
    """A row for each class: which part of its rows has which sensitive value."""
    counts = np.zeros((int(classes.max(initial=-1)) + 1, int(sensitive.max(initial=-1)) + 1))
    np.add.at(counts, (classes, sensitive), 1.0)
    shares: NDArray[np.float64] = counts / counts.sum(axis=1, keepdims=True)
    return shares


def diversity_by_class(classes: Codes, sensitive: Codes) -> tuple[Codes, NDArray[np.float64]]:
    """Distinct values, and e to the entropy, of each class."""
    shares = shares_by_class(classes, sensitive)
    logs = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    return (shares > 0).sum(axis=1), np.exp(-(shares * logs).sum(axis=1))


def measured(classes: Codes, persons: Codes, sensitive: Sequence[Codes]) -> Measures:
    """k, l and t of a table; of several sensitive columns the worst counts."""
    rows = len(classes)
    if not rows:
        return Measures(0, 0, 0, 0, 0.0, 0.0)
    distinct, entropy, distance = [], [], [0.0]
    for column in sensitive:
        counts, effective = diversity_by_class(classes, column)
        whole = np.bincount(column) / rows
        distinct.append(int(counts.min()))
        entropy.append(float(effective.min()))
        distance.append(float(np.abs(shares_by_class(classes, column) - whole).sum(axis=1).max()) / 2)
    return Measures(
        rows=rows,
        classes=int(classes.max()) + 1,
        k=int(persons_by_class(classes, persons).min()),
        distinct_l=min(distinct, default=0),
        entropy_l=min(entropy, default=0.0),
        t=max(distance),
    )
