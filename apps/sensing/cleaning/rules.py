"""The limits that the rules compare with, as columns: one cell a row of the batch."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from apps.sensing.data import Floats, Integers

WINDOW = 7  # earlier values that a spike is compared with, where no rule says how many
WIDEST = 51


@dataclass(frozen=True, slots=True)
class Rules:
    """The limits of each row's stream; NaN, or no column, where a rule does not apply. Times in seconds."""

    low: Floats
    high: Floats
    max_step: Floats
    stuck_after: Floats
    max_age: Floats
    rate: Floats | None = None  # largest plausible change in one second
    spike: Floats | None = None  # robust deviations from the median of the last ``window`` values
    window: Floats | None = None  # how many values that is: odd, from 3 to ``WIDEST``
    mend: Floats | None = None  # 1 where a spike is replaced by that median
    clock: Floats | None = None  # how far the device's clock may be ahead of the arrival
    late: Floats | None = None  # how far it may be behind
    peers: Floats | None = None  # robust deviations from the median of the group
    group: Floats | None = None  # the number of the group that the stream is compared with

    def take(self, rows: Integers) -> Rules:
        """The limits of these rows of the batch."""
        columns: dict[str, Any] = {part.name: getattr(self, part.name) for part in fields(self)}
        taken = {name: cells[rows] for name, cells in columns.items() if cells is not None}
        return replace(self, **taken)


RULES = tuple(part.name for part in fields(Rules))
LIMITS = RULES[:-1]  # what a person may set; the group's number is only known to the table of streams
FIRST_OPTIONAL = RULES.index("rate")


def rules_of(limits: Floats) -> Rules:
    """Rules from a table (n, len(RULES)) in the order of ``RULES``; unused columns cost nothing."""
    needed = [limits[:, number] for number in range(FIRST_OPTIONAL)]
    optional = (limits[:, number] for number in range(FIRST_OPTIONAL, len(RULES)))
    return Rules(*needed, *(column if np.isfinite(column).any() else None for column in optional))
