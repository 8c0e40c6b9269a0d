"""The query language: whatever comes in, the answer is a result or a sentence about what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.data import Capability, Viewer
from apps.core.errors import ProblemError
from apps.core.grades import Grade
from apps.sensing.sensorthings.addresses import place_of
from apps.sensing.sensorthings.catalogue import BY_NAME
from apps.sensing.sensorthings.compiler import Compiler
from apps.sensing.sensorthings.limits import reading_within_limits
from apps.sensing.sensorthings.options import options_read
from apps.sensing.sensorthings.paging import keys_of, token_read
from apps.sensing.sensorthings.reading import Ask, collection
from apps.sensing.sensorthings.sight import Sight
from apps.sensing.sensorthings.syntax import Compare, Join, Literal, Not, Options, Path, Reckon
from tests.sensing.sta_grammar import filters

VIEWER = Viewer(user_id=1, clearance=Grade.L2, rights=frozenset({("school", Capability.VIEW)}))
WORDS = (
    *(
        "result",
        "phenomenonTime",
        "Datastream/name",
        "Datastream/Thing/properties/a",
        "id",
        "resultQuality/quality",
    ),
    *(
        "FeatureOfInterest/feature",
        "Datastream/Sensor/name",
        "nope",
        "Datastream",
        "Datastream/unitOfMeasurement",
    ),
    *("'a'", "''", "1", "2.5", "-7", "true", "null", "2026-11-02T12:00:00Z", "2026-11-02", "duration'P1D'"),
    *("geography'POINT (1 2)'", "now()", "'2026-11-02T12:00:00Z'"),
)
OPERATORS = ("eq", "ne", "gt", "ge", "lt", "le", "add", "sub", "mul", "div", "mod", "and", "or", ",", "/", "")
FUNCTIONS = (
    *(
        "substringof",
        "contains",
        "startswith",
        "endswith",
        "length",
        "indexof",
        "substring",
        "tolower",
        "trim",
    ),
    *(
        "concat",
        "year",
        "second",
        "fractionalseconds",
        "date",
        "time",
        "round",
        "floor",
        "geo.distance",
        "geo.length",
    ),
    *("st_within", "st_relate", "st_contains", "not", "", "what"),
)
OPTIONS = (
    "$filter",
    "$orderby",
    "$expand",
    "$select",
    "$top",
    "$skip",
    "$count",
    "$skiptoken",
    "$resultFormat",
)
phrases = st.recursive(
    st.sampled_from(WORDS),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(OPERATORS), inner).map(
            lambda parts: f"{parts[0]} {parts[1]} {parts[2]}"
        ),
        st.tuples(st.sampled_from(FUNCTIONS), inner).map(lambda parts: f"{parts[0]}({parts[1]})"),
        st.tuples(st.sampled_from(FUNCTIONS), inner, inner).map(
            lambda parts: f"{parts[0]}({parts[1]},{parts[2]})"
        ),
    ),
    max_leaves=8,
)


def test_words_bind_as_strongly_as_odata_says() -> None:
    found = options_read([("$filter", "not a eq 1 and b add 2 mul 3 gt -4 or c lt 'it''s'")]).filter
    assert found == Join(
        "or",
        (
            Join(
                "and",
                (
                    Not(Compare("eq", Path(("a",)), Literal(1))),
                    Compare(
                        "gt", Reckon("add", Path(("b",)), Reckon("mul", Literal(2), Literal(3))), Literal(-4)
                    ),
                ),
            ),
            Compare("lt", Path(("c",)), Literal("it's")),
        ),
    )


def test_expansions_nest_and_keep_their_text() -> None:
    text = "Datastreams($filter=name eq 'a;)';$top=2;$expand=Observations($orderby=result desc)),Locations"
    found = options_read([("$expand", text)])
    inner = found.expanded("Datastreams")
    assert inner is not None
    assert inner.raw["$filter"] == "name eq 'a;)'"
    assert inner.expanded("Observations") is not None
    assert found.expanded("Locations") == Options()
    slashed = options_read([("$expand", "Datastreams/Sensor,Datastreams/ObservedProperty")])
    assert [item.name for item in slashed.expand[0].options.expand] == ["Sensor", "ObservedProperty"]


@pytest.mark.parametrize("name", OPTIONS)
@settings(max_examples=120, deadline=None)
@given(text=st.one_of(st.text(max_size=60), phrases, st.text("()$;=,/'eqandor 019.-TZ", max_size=60)))
def test_any_text_is_read_or_refused(name: str, text: str) -> None:
    assert refusal(options_read, [(name, text)]) in {None, 400}


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=60))
def test_any_token_is_read_or_refused(text: str) -> None:
    keys = keys_of(Compiler(Sight(VIEWER), BY_NAME["Observation"]), Options())
    assert refusal(token_read, text, keys) in {None, 400}


@pytest.mark.django_db
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=phrases, option=st.sampled_from(["$filter", "$orderby"]))
def test_any_question_has_rows_or_a_sentence(text: str, option: str) -> None:
    assert refusal(answer, [(option, text)]) in {None, 400, 403}


@pytest.mark.django_db
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=filters)
def test_any_well_typed_filter_can_be_run(text: str) -> None:
    assert refusal(answer, [("$filter", text)]) in {None, 400}  # 400: a division by zero, a number too large


@pytest.mark.django_db
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.text("Things(1)/Observations'$refvalue-0", max_size=60))
def test_any_path_leads_somewhere_or_nowhere(path: str) -> None:
    assert refusal(place_of, Sight(VIEWER), path) in {None, 403, 404}


def refusal(call: Callable[..., Any], *arguments: Any) -> int | None:
    """The status of the problem that a call ends in; None when it has a result."""
    try:
        call(*arguments)
    except ProblemError as error:
        return error.status if str(error) else 500
    return None


def answer(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """What the observations answer to a question."""
    options, place = options_read(pairs), place_of(Sight(VIEWER), "Observations")
    with reading_within_limits():
        ask = Ask(Sight(VIEWER), "http://x.test")
        return collection(ask, place.entity, place.rows, options, link="http://x.test", fixed=frozenset())
