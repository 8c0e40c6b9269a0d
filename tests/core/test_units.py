"""UCUM units."""

from __future__ import annotations

import pytest

from apps.core.units import unit_factor, unit_is_known


@pytest.mark.parametrize("code", ["km/h", "ug/m3", "Cel", "%", "[ppm]", "dB[SPL]", "mm[Hg]", "m3/h"])
def test_units_of_the_trade_are_known(code: str) -> None:
    assert unit_is_known(code)


def test_an_invented_unit_is_refused() -> None:
    assert not unit_is_known("bogus")


def test_miles_an_hour_become_kilometres_an_hour() -> None:
    scale, offset = unit_factor("[mi_i]/h", "km/h")
    assert scale == pytest.approx(1.609344)
    assert offset == 0


def test_celsius_becomes_kelvin() -> None:
    assert unit_factor("Cel", "K") == (pytest.approx(1.0), pytest.approx(273.15))


def test_units_of_different_things_do_not_convert() -> None:
    with pytest.raises(ValueError, match="cannot be converted"):
        unit_factor("km/h", "Cel")
