"""Small counts stay hidden, whatever is published beside them and asked after them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.privacy.aggregates import Answered, Table, differs_by_few, suppressed

COUNTS = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.one_of(st.integers(0, 6), st.integers(0, 40)), min_size=width, max_size=width),
        min_size=1,
        max_size=4,
    )
)


def entries(table: Table) -> list[int | None]:
    cells = [cell for row in table.cells for cell in row]
    return [*cells, *table.row_totals, *table.column_totals, table.total]


def full(counts: list[list[int]]) -> list[int]:
    rows, columns = [sum(row) for row in counts], [sum(column) for column in zip(*counts, strict=True)]
    return [*(cell for row in counts for cell in row), *rows, *columns, sum(rows)]


@settings(max_examples=60, deadline=None)
@given(counts=COUNTS)
def test_no_small_count_is_published_and_no_published_count_is_wrong(counts: list[list[int]]) -> None:
    shown = entries(suppressed(counts))
    assert not [entry for entry in shown if entry is not None and 0 < entry < 5]
    assert all(entry in (None, true) for entry, true in zip(shown, full(counts), strict=True))


def solutions(table: Table, most: int) -> np.ndarray:
    """Every table of whole numbers up to ``most`` that fits what is published: what an attacker can do."""
    flat = [cell for row in table.cells for cell in row]
    open_places = [place for place, cell in enumerate(flat) if cell is None]
    guesses = np.indices((most + 1,) * len(open_places)).reshape(
        len(open_places), (most + 1) ** len(open_places)
    )
    values = np.array([[cell or 0] * guesses.shape[1] for cell in flat])
    values[open_places] = guesses
    grid = values.reshape(len(table.cells), len(table.cells[0]), -1)
    sums = [*grid.sum(axis=1), *grid.sum(axis=0), grid.sum(axis=(0, 1))]
    told = [*table.row_totals, *table.column_totals, table.total]
    fits = np.all(
        [value == entry for value, entry in zip(sums, told, strict=True) if entry is not None], axis=0
    )
    return values[:, np.broadcast_to(fits, guesses.shape[1])]


@settings(max_examples=30, deadline=None)
@given(counts=st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=2), min_size=2, max_size=2))
def test_every_hidden_cell_keeps_five_possible_values_by_exhaustive_search(counts: list[list[int]]) -> None:
    table = suppressed(counts)
    every = solutions(table, most=18)
    for place, cell in enumerate(cell for row in table.cells for cell in row):
        assert cell is not None or len(np.unique(every[place])) >= 5


def test_a_single_small_count_takes_company_with_it() -> None:
    table = suppressed([[3, 20], [30, 40]])
    assert table.cells == ((None, None), (None, None))
    assert (table.row_totals, table.column_totals, table.total) == ((23, 70), (33, 60), 93)


def test_a_table_without_small_counts_stays_whole() -> None:
    assert suppressed([[10, 20], [0, 40]]).hidden == 0


def test_hiding_two_cells_is_not_enough_where_their_sum_is_small() -> None:
    table = suppressed([[1, 1, 50]])
    assert None in table.cells[0][2:] or table.row_totals[0] is None


@pytest.fixture
def population() -> np.ndarray:
    return np.arange(1000)


def test_a_set_that_differs_by_one_person_is_refused(population: np.ndarray) -> None:
    everybody_but_one = population[population != 77]
    assert differs_by_few([everybody_but_one], [], population=population, k=5)
    half = population[::2]
    assert not differs_by_few([half], [], population=population, k=5)
    assert differs_by_few([np.append(half, 77)], [half], population=population, k=5)
    assert not differs_by_few([half], [half], population=population, k=5)


def test_a_set_in_parts_is_refused_when_the_rest_is_one_person(population: np.ndarray) -> None:
    left, right = population[:300], population[300:600]
    whole = population[:601]
    assert differs_by_few([whole], [left, right], population=population, k=5)
    assert differs_by_few([right], [left, whole], population=population, k=5)


def test_no_series_of_filters_finds_a_person(population: np.ndarray) -> None:
    """Every filter on four features, with and without the target: nothing that is answered isolates him."""
    random = np.random.default_rng(4)
    features = random.integers(0, 3, size=(1000, 4))
    target, answered = 77, list[np.ndarray]()
    for columns in (subset for size in range(5) for subset in itertools.combinations(range(4), size)):
        alike = np.ones(1000, dtype=bool)
        for column in columns:
            alike &= features[:, column] == features[target, column]
        without = alike.copy()
        without[target] = False
        for chosen in (population[alike], population[without]):
            if not differs_by_few([chosen], answered, population=population, k=5):
                answered.append(chosen)
    assert len(answered) > 5
    assert not any(0 < len(np.setxor1d(one, other)) < 5 for one, other in itertools.combinations(answered, 2))


@given(sets=st.lists(st.lists(st.integers(0, 10**12), max_size=20), max_size=4))
def test_answered_sets_are_read_back_as_they_were_kept(sets: list[list[int]]) -> None:
    kept = Answered(np.array(one, dtype=np.int64) for one in sets)
    again = Answered.unpacked(kept.packed())
    assert [one.tolist() for one in again.sets] == [sorted(set(one)) for one in sets]
