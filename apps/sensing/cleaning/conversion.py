"""Unit conversion as plain numbers, so that a device can carry it without the UCUM tables."""

from __future__ import annotations

from typing import NamedTuple

from apps.sensing.data import Floats


class Scale(NamedTuple):
    """``wanted = given * scale + offset``, as ``apps.core.units.unit_factor`` reckons it."""

    scale: float = 1.0
    offset: float = 0.0


def converted(results: Floats, scale: Scale) -> Floats:
    """Values in the wanted unit; the same values where nothing is to do."""
    return results if scale == Scale() else results * scale.scale + scale.offset
