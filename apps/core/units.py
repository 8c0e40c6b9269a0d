"""Units by their UCUM code, the code that SensorThings and FHIR use."""

from __future__ import annotations

from functools import cache

from pint import PintError
from ucumvert import PintUcumRegistry
from ucumvert.parser import InvalidUcumError


@cache
def _registry() -> PintUcumRegistry:
    return PintUcumRegistry()


@cache
def unit_is_known(code: str) -> bool:
    """Whether ``code`` is a valid UCUM expression, such as ``km/h`` or ``ug/m3``."""
    try:
        _registry().from_ucum(code)
    except (InvalidUcumError, PintError):
        return False
    return True


def unit_factor(source: str, target: str) -> tuple[float, float]:
    """``(scale, offset)`` with ``target = source * scale + offset``; ValueError for units of other things."""
    registry = _registry()
    try:
        zero = registry.Quantity(0.0, registry.from_ucum(source).units).to(registry.from_ucum(target).units)
        one = registry.Quantity(1.0, registry.from_ucum(source).units).to(registry.from_ucum(target).units)
    except (InvalidUcumError, PintError) as error:
        raise ValueError(f"{source} cannot be converted to {target}.") from error
    return one.magnitude - zero.magnitude, zero.magnitude
