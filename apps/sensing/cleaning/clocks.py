"""The clock rule: the device's time against the moment of arrival."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from apps.sensing.data import Floats, Integers


def skewed(
    times: Integers, arrived: int | Integers, ahead: Floats | None, behind: Floats | None
) -> NDArray[np.bool_]:
    """Rows more than ``ahead`` seconds after, or more than ``behind`` seconds before, ``arrived``.

    Behind is a limit only for streams that never send late; without it old readings are back-fill.
    """
    seconds = (times - arrived) / 1e6
    found = np.zeros(len(times), bool)
    if ahead is not None:
        found |= seconds > ahead
    if behind is not None:
        found |= -seconds > behind
    return found
