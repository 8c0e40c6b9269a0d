"""Units by their UCUM code, the code that SensorThings and FHIR use."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from lark.exceptions import LarkError
from pint import PintError, Quantity
from ucumvert import PintUcumRegistry
from ucumvert.parser import InvalidUcumError

LONGEST = 40
COUNTED = re.compile(r"\{[^{}]+\}")  # UCUM 2.4 section 6: an annotation alone means the unit 1
REMEMBERED = 4096  # codes come from outside, so the memory of them is bounded
HUGE = re.compile(r"\d{4}")  # no unit of measurement has such an exponent, and some would never be reckoned
Factor = tuple[float, float]


@cache
def _registry() -> PintUcumRegistry:
    return PintUcumRegistry()


@lru_cache(REMEMBERED)
def unit_is_known(code: str) -> bool:
    """Whether ``code`` is a valid UCUM expression, such as ``km/h`` or ``ug/m3``."""
    try:
        _unit(code)
    except ValueError:
        return False
    return True


def _unit(code: str) -> Quantity[Any]:
    """The unit as a quantity; ValueError when it is no UCUM expression."""
    if len(code) > LONGEST or HUGE.search(code) or not code.isascii():
        raise ValueError(f"{code[:LONGEST]} is no UCUM code.")
    try:
        found = _registry().from_ucum("1" if COUNTED.fullmatch(code) else code)
    except (InvalidUcumError, LarkError, PintError, ArithmeticError) as error:
        raise ValueError(f"{code} is no UCUM code.") from error
    if isinstance(found, Quantity):  # {} is left as it is by the parser
        return found
    raise ValueError(f"{code} is no UCUM code.")


@lru_cache(REMEMBERED)
def unit_factor(source: str, target: str) -> Factor:
    """``(scale, offset)`` with ``target = source * scale + offset``; ValueError for units of other things."""
    wanted, given = _unit(target).units, _unit(source).units
    try:
        zero, one = (_registry().Quantity(value, given).to(wanted).magnitude for value in (0.0, 1.0))
    except (PintError, ArithmeticError) as error:
        raise ValueError(f"{source} cannot be converted to {target}.") from error
    return one - zero, zero
