"""How large a run is: the size whose figures are written down, or the smallest that goes every way.

``BENCH_SMALLEST=yes`` takes the smallest; tests/benchmarks shows by it that every benchmark still runs. Its
figures mean nothing.
"""

from __future__ import annotations

import os
from typing import TypeVar

T = TypeVar("T")
IS_SMALLEST = os.environ.get("BENCH_SMALLEST") == "yes"


def size(usual: T, smallest: T) -> T:
    """One of the two."""
    return smallest if IS_SMALLEST else usual
