"""What a release promises is what it keeps: measures, generalisation and the linkage attack."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.privacy.anonymity import (
    HIERARCHIES,
    Wanted,
    class_numbers,
    generalised,
    least_loss,
    linkage_attack,
    measured,
)
from apps.privacy.anonymity.measures import codes_of

ROW = st.tuples(
    st.sampled_from(["female", "male"]),
    st.sampled_from(["359901", "359902", "350201"]),
    st.dates(date(1950, 1, 1), date(2010, 12, 31)),
    st.sampled_from(["I10", "E11", "J45"]),
    st.integers(0, 12),
)
QUASI = ("category", "division", "birth")


def true_measures(rows: list[tuple[str, ...]]) -> tuple[int, int, float, float]:
    """k, distinct l, entropy l and t by the definitions; rows are (quasi..., sensitive, person)."""
    classes, whole = defaultdict(list), defaultdict(int)
    for *quasi, sensitive, person in rows:
        classes[tuple(quasi)].append((sensitive, person))
        whole[sensitive] += 1
    k, distinct, entropy, distance = math.inf, math.inf, math.inf, 0.0
    for group in classes.values():
        values = [sensitive for sensitive, _person in group]
        shares = {value: values.count(value) / len(values) for value in values}
        k = min(k, len({person for _sensitive, person in group}))
        distinct = min(distinct, len(shares))
        entropy = min(entropy, math.exp(-sum(share * math.log(share) for share in shares.values())))
        apart = sum(abs(shares.get(value, 0) - count / len(rows)) for value, count in whole.items()) / 2
        distance = max(distance, apart)
    return k, distinct, entropy, distance


def levels_of(rows: list[tuple[object, ...]]) -> list[list[list[str]]]:
    return [
        [generalised([row[place] for row in rows], level) for level in HIERARCHIES[kind]]
        for place, kind in enumerate(QUASI)
    ]


@given(rows=st.lists(ROW, min_size=1, max_size=40))
def test_the_measures_are_those_of_the_definitions(rows: list[tuple[object, ...]]) -> None:
    columns = [column[2] if len(column) > 2 else column[0] for column in levels_of(rows)]
    classes = class_numbers([codes_of(column) for column in columns], len(rows))
    persons, sensitive = codes_of([str(row[4]) for row in rows]), codes_of([str(row[3]) for row in rows])
    found = measured(classes, persons, [sensitive])
    told = [(*parts, str(row[3]), str(row[4])) for *parts, row in zip(*columns, rows, strict=True)]
    truth = true_measures(told)
    assert (found.k, found.distinct_l) == truth[:2]
    assert (found.entropy_l, found.t) == (pytest.approx(truth[2]), pytest.approx(truth[3]))


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(ROW, min_size=5, max_size=60), k=st.integers(2, 5), wanted_l=st.integers(1, 2))
def test_what_is_released_has_the_k_and_the_l_that_were_asked_for(
    rows: list[tuple[object, ...]], k: int, wanted_l: int
) -> None:
    levels = levels_of(rows)
    persons, sensitive = codes_of([str(row[4]) for row in rows]), codes_of([str(row[3]) for row in rows])
    wanted = Wanted(k=k, distinct_l=wanted_l, most_suppressed=0.1)
    columns = [[codes_of(level) for level in column] for column in levels]
    found = least_loss(columns, persons=persons, sensitive=[sensitive], wanted=wanted)
    if found is None:
        assert len({row[4] for row in rows}) < k or len({row[3] for row in rows}) < wanted_l
        return
    chosen = [column[level] for column, level in zip(levels, found.levels, strict=True)]
    told = [
        (*parts, str(row[3]), str(row[4]))
        for *parts, row, stays in zip(*chosen, rows, found.kept, strict=True)
        if stays
    ]
    truth = true_measures(told)
    assert truth[0] >= k
    assert truth[1] >= wanted_l
    assert found.suppressed <= 0.1 * len(rows)
    assert (found.measures.k, found.measures.distinct_l) == truth[:2]


def test_no_other_node_loses_less() -> None:
    rows = [("female", "359901", date(1960 + n % 7, 1 + n % 12, 1), "I10", n) for n in range(40)]
    columns = [[codes_of(level) for level in column] for column in levels_of(rows)]
    persons, wanted = np.arange(40), Wanted(k=5, most_suppressed=0.0)
    found = least_loss(columns, persons=persons, sensitive=[], wanted=wanted)
    assert found is not None
    assert found.levels == (0, 0, 2)  # the year is enough


@given(value=st.dates(date(1900, 1, 1), date(2025, 1, 1)), other=st.dates(date(1900, 1, 1), date(2025, 1, 1)))
def test_what_is_alike_at_one_level_is_alike_at_every_coarser_one(value: date, other: date) -> None:
    alike = [level(value) == level(other) for level in HIERARCHIES["birth"]]
    assert alike == sorted(alike)


def planted_people(count: int = 600) -> list[tuple[object, ...]]:
    """People of three districts, two sexes, and thirty years of birth, with one of four illnesses."""
    return [
        (
            ("female", "male")[n % 2],
            ("359901", "359902", "359903")[n % 3],
            date(1950 + n % 30, 1 + n // 30 % 12, 1 + n % 28),
            ("I10", "E11", "J45", "K21")[(n * 7) % 4],
            n,
        )
        for n in range(count)
    ]


def test_the_linkage_attack_finds_most_people_in_raw_data_and_nobody_in_the_release() -> None:
    rows = planted_people()
    raw = linkage_attack([row[:3] for row in rows], [(row[:3], row[4], row[3]) for row in rows])
    assert raw.unique > 0.5
    levels = levels_of(rows)
    columns = [[codes_of(level) for level in column] for column in levels]
    persons, sensitive = codes_of([str(row[4]) for row in rows]), codes_of([row[3] for row in rows])
    found = least_loss(columns, persons=persons, sensitive=[sensitive], wanted=Wanted(k=5, distinct_l=2))
    assert found is not None
    told = list(zip(*(c[i] for c, i in zip(levels, found.levels, strict=True)), strict=True))
    release = [(told[n], row[4], row[3]) for n, row in enumerate(rows) if found.kept[n]]
    after = linkage_attack(told, release)
    assert (after.unique, after.disclosed) == (0.0, 0.0)
    assert after.expected <= 1 / 5
