"""Filters of SensorThings that are right by their kinds: PostgreSQL must be able to run every one of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Texts = st.SearchStrategy[str]
COMPARED = ("eq", "ne", "gt", "ge", "lt", "le")
SHAPES = (
    *("geography'POINT (1 2)'", "geography'POLYGON((117 24,120 24,120 25,117 25,117 24))'"),
    *("Datastream/observedArea", "geography'LINESTRING(1 2,3 4)'"),
)
NUMBERS = (
    "result",
    "1",
    "2.5",
    "-7",
    "0",
    "resultQuality/quality",
    "Datastream/id",
    "Datastream/properties/floor",
)
WORDS = (
    *("'a'", "''", "'%_'", "id", "Datastream/name", "Datastream/Thing/description"),
    *("Datastream/unitOfMeasurement/symbol", "Datastream/properties/room/name", "Datastream/observationType"),
)
TIMES = ("phenomenonTime", "resultTime", "now()", "2026-11-02T12:00:00Z", "2026-11-02", "mindatetime()")
LINKED = (
    *("FeatureOfInterest/name eq 'x'", "st_within(FeatureOfInterest/feature,geography'POINT (1 2)')"),
    *("Datastream/Sensor/metadata eq null", "Datastream/Observations/result gt 3", "result eq null"),
)
PARTS = ("year", "month", "day", "hour", "minute", "second", "fractionalseconds", "totaloffsetminutes")
RELATIONS = ("within", "equals", "disjoint", "touches", "overlaps", "crosses", "intersects", "contains")


def call(names: tuple[str, ...], *arguments: Any) -> Texts:
    """A function of these arguments."""
    return st.tuples(st.sampled_from(names), *arguments).map(
        lambda parts: f"{parts[0]}({','.join(parts[1:])})"
    )


def between(left: Texts, words: tuple[str, ...], right: Texts) -> Texts:
    """Two sides and what stands between them, in brackets."""
    return st.tuples(left, st.sampled_from(words), right).map(lambda parts: f"({' '.join(parts)})")


shapes: Texts = st.sampled_from(SHAPES)
numbers: Texts = st.deferred(
    lambda: st.one_of(
        st.sampled_from(NUMBERS),
        between(numbers, ("add", "sub", "mul", "div", "mod"), numbers),
        call(("round", "floor", "ceiling"), numbers),
        call(PARTS, times),
        call(("length",), words),
        call(("indexof",), words, words),
        call(("geo.distance",), shapes, shapes),
    )
)
words: Texts = st.deferred(
    lambda: st.one_of(
        st.sampled_from(WORDS),
        call(("tolower", "toupper", "trim"), words),
        call(("substring",), words, numbers),
        call(("substring",), words, numbers, numbers),
        call(("concat",), words, words),
        call(("time",), times),
    )
)
times: Texts = st.deferred(
    lambda: st.one_of(
        st.sampled_from(TIMES),
        call(("date",), times),
        between(times, ("add", "sub"), st.sampled_from(("duration'P1D'", "duration'PT90S'"))),
    )
)
filters: Texts = st.deferred(
    lambda: st.one_of(
        between(numbers, COMPARED, numbers),
        between(words, COMPARED, words),
        between(times, COMPARED, times),
        call(("substringof", "contains", "startswith", "endswith"), words, words),
        call(tuple(f"st_{name}" for name in RELATIONS), shapes, shapes),
        st.sampled_from(LINKED),
        between(filters, ("and", "or"), filters),
        call(("not",), filters),
    )
)
