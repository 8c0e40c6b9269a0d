"""What lies in what: by whole levels of a code, over every code of the country."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.divisions import (
    NOWHERE,
    division_prefix,
    division_require,
    former_parts,
    is_within,
    successor_of,
)
from apps.core.errors import ProblemError

TABLE = Path(__file__).resolve().parents[2].parent / "shared/data/china_divisions"


def padded(code: str) -> str:
    """The form with zeros that tables of 6 digits, and of 12 for towns, use."""
    return code.ljust(6 if len(code) <= 6 else 12, "0")


def invented() -> Iterator[str]:
    """A country of every form of number: 10, 20 and 100 at each level, beside their neighbours."""
    for province in ("33", "50"):
        yield province
        for city in ("01", "09", "10", "11", "20", "90"):
            yield province + city
            for county in ("01", "09", "10", "11", "19", "20", "21", "90"):
                yield province + city + county
                for town in ("001", "010", "100", "101", "110"):
                    yield province + city + county + town
                    yield from (
                        province + city + county + town + village for village in ("001", "010", "100")
                    )


def real() -> Iterator[str]:
    """Every province, prefecture, county and town of the country."""
    for name in ("provinces.csv", "cities.csv", "areas.csv"):
        with (TABLE / name).open(encoding="utf-8") as file:
            yield from (row["code"] for row in csv.DictReader(file))
    with gzip.open(TABLE / "streets.csv.gz", "rt", encoding="utf-8") as file:
        yield from (row["code"] for row in csv.DictReader(file))


def parts(code: str) -> list[str]:
    """Its levels, from the province down: the definition, told by slices."""
    return [code[:end] for end in (2, 4, 6, 9, 12) if end <= len(code)]


def check_country(codes: list[str]) -> None:
    """Each code holds exactly itself and what names it as one of its levels."""
    holds: dict[str, list[str]] = {}
    for code in codes:
        for level in parts(code):
            holds.setdefault(level, []).append(code)
    for code in codes:
        assert division_prefix(code) == division_prefix(padded(code)) == shortest(code)
        assert all(is_within(padded(inner), padded(code)) for inner in holds[code][:50])
    for one, other in pairwise(sorted(padded(code) for code in codes)):
        # Neighbours in order are where a wrong prefix leaks first.
        assert is_within(other, one) == (shortest(one) in parts(shortest(other)))


def shortest(code: str) -> str:
    """The first of its levels after which nothing but zeros come."""
    return next(level for level in parts(code) if not code[len(level) :].strip("0"))


def test_an_invented_country_is_cut_by_whole_levels() -> None:
    check_country(list(invented()))


@pytest.mark.skipif(not TABLE.exists(), reason="the shared data is not here; the invented country is")
def test_every_code_of_the_country_is_cut_by_whole_levels() -> None:
    codes = list(real())
    assert len(codes) > 44_000
    check_country(codes)


@pytest.mark.parametrize(
    ("code", "prefix"),
    [
        ("330110", "330110"),
        ("331000", "3310"),
        ("500000", "50"),
        ("131000", "1310"),
        ("310110", "310110"),
        ("359910", "359910"),
        ("110100", "1101"),
        ("419000", "4190"),
        ("330110100", "330110100"),
        ("330110100000", "330110100"),
        ("330110000000", "330110"),
        ("330100000000", "3301"),
        ("330110001010", "330110001010"),
        ("33", "33"),
        ("3310", "3310"),
        ("000000", "00"),
    ],
)
def test_zeros_fill_up_whole_levels_only(code: str, prefix: str) -> None:
    assert division_prefix(code) == prefix


@pytest.mark.parametrize(
    "code", ["3", "331", "33101", "3310110", "33011a", "３３０１１０", "33011²", " 330110", "%", "*"]
)
def test_what_is_no_code_holds_nothing_and_is_refused_by_name(code: str) -> None:
    assert division_prefix(code) == NOWHERE
    assert not is_within("330110", code)
    with pytest.raises(ProblemError) as refused:
        division_require(code, field="area")
    assert refused.value.field == "area"


@given(
    st.sampled_from((2, 4, 6, 9, 12)),
    st.text("0123456789", min_size=12, max_size=12),
    st.text("0123456789", min_size=12, max_size=12),
)
def test_a_row_lies_in_a_division_when_every_level_that_it_names_agrees(
    length: int, one: str, other: str
) -> None:
    division = one[:length]
    short = division_prefix(division)
    assert is_within(short + other[len(short) :], division)
    assert division.startswith(short)
    assert not division[len(short) :].strip("0")
    assert is_within(other, division) == other.startswith(short)


def test_the_successor_of_a_successor_is_followed_and_a_circle_ends() -> None:
    assert successor_of("1", {"1": "2", "2": "3"}) == "3"
    assert successor_of("1", {"1": "2", "2": "1"}) in {"1", "2"}
    assert successor_of("9", {"1": "2"}) == "9"


def test_what_ended_belongs_to_its_successor_unless_parts_of_it_went_elsewhere() -> None:
    merged = {"330103": "330105", "330108": "330105"}
    assert former_parts("330105", merged) == {"330103", "330108"}
    assert former_parts("330100", merged) == frozenset()  # its own code covers them
    shared = {"341400": "340100", "341402": "340181", "341423": "340522"}
    assert former_parts("340100", shared) == {"341402"}
    assert former_parts("340500", shared) == {"341423"}
