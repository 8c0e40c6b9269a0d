"""Units as people write them: the right one, or a refusal that says what to write; never another quantity."""

from __future__ import annotations

import pytest

from apps.core.unit_signs import AMBIGUOUS, PARTS, SIGNS, WORDS
from apps.core.units import UnitError, unit_everyday, unit_fits, unit_is_known, unit_read


def test_every_code_in_the_tables_is_ucum() -> None:
    codes = [*PARTS.values(), *SIGNS.values()]
    for found in (*WORDS.values(), *AMBIGUOUS.values()):
        codes += [found] if isinstance(found, str) else list(found)
    assert [code for code in codes if not unit_is_known(code)] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(
            ("μg/m³", "ug/m3"),
            ("µg/m3", "ug/m3"),
            ("㎍/㎥", "ug/m3"),
            ("μg·m⁻³", "ug.m-3"),
            ("μg m-3", "ug/m3"),
        ),
        *(("微克/立方米", "ug/m3"), ("微克／立方米", "ug/m3"), ("毫克每升", "mg/L"), ("千瓦时", "kW.h")),
        *(
            ("℃", "Cel"),
            ("°C", "Cel"),
            ("º C", "Cel"),
            ("摄氏度", "Cel"),
            ("℉", "[degF]"),
            ("degF", "[degF]"),
        ),
        *(
            ("％", "%"),
            ("‰", "[ppth]"),
            ("m s-1", "m/s"),
            ("m s⁻¹", "m/s"),
            ("m/s", "m/s"),
            ("mph", "[mi_i]/h"),
        ),
        *(("ft", "[ft_i]"), ("ft3/s", "[ft_i]3/s"), ("kg/ha", "kg/har"), ("km/hr", "km/h"), ("kWh", "kW.h")),
        *(
            ("W/m²", "W/m2"),
            ("hpa", "hPa"),
            ("L/min", "L/min"),
            ("dB(A)", "dB"),
            ("辆/小时", "/h"),
            ("pH", "1"),
        ),
        *(
            ("10*3/uL", "10*3/uL"),
            ("mm[Hg]", "mm[Hg]"),
            ("{veh}/h", "{veh}/h"),
            ("ucum:C", "C"),
            ("yd", "[yd_i]"),
        ),
    ],
)
def test_a_sign_is_the_unit_that_people_mean(text: str, code: str) -> None:
    assert unit_read(text) == code


@pytest.mark.parametrize(
    ("text", "like", "code"),
    [
        *(("C", "Cel", "Cel"), ("C", "K", "Cel"), ("C", "C", "C"), ("F", "Cel", "[degF]"), ("F", "uF", "F")),
        *(("度", "kW.h", "kW.h"), ("度", "Cel", "Cel"), ("kt", "m/s", "[kn_i]"), ("T", "kg", "t")),
        ("S", "mS", "S"),
    ],
)
def test_a_sign_of_several_meanings_is_the_one_that_fits_what_is_measured(
    text: str, like: str, code: str
) -> None:
    assert unit_read(text, like=like) == code


@pytest.mark.parametrize(
    ("text", "about", "code"),
    [
        ("C", "air temperature", "Cel"),
        ("F", "Degrees Fahrenheit", "[degF]"),
        ("C", "电荷", "C"),
        ("°", "风向", "deg"),
    ],
)
def test_words_decide_between_meanings(text: str, about: str, code: str) -> None:
    assert unit_read(text, about=about) == code


@pytest.mark.parametrize("text", ["C", "F", "度", "kt", "ton", "gal", "pt", "mwh"])
def test_what_nobody_can_decide_is_refused_with_a_proposal(text: str) -> None:
    for meaning in ("", "level"):
        with pytest.raises(UnitError, match=next(iter(AMBIGUOUS.get(text) or WORDS[text])).strip("[]")):
            unit_read(text, about=meaning)


@pytest.mark.parametrize("text", ["bogus", "km per whatever", "x" * 5000, "C/min", "\x00", "’", "½", "²"])
def test_what_is_no_unit_is_refused(text: str) -> None:
    with pytest.raises(UnitError):
        unit_read(text)


@pytest.mark.parametrize(("text", "like"), [("C", "m"), ("F", "ug/m3"), ("kt", "Cel"), ("度", "km/h")])
def test_no_sign_becomes_a_unit_of_another_quantity(text: str, like: str) -> None:
    with pytest.raises(UnitError):
        unit_read(text, like=like)
    assert not unit_fits(text, like)


@pytest.mark.parametrize(
    ("code", "meant"), [("ft", "[ft_i]"), ("mph", "[mi_i]/h"), ("kg/ha", "kg/har"), ("km/h", "")]
)
def test_a_code_that_misleads_is_known(code: str, meant: str) -> None:
    assert unit_everyday(code) == meant
