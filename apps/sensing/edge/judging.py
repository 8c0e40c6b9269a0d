"""The platform's own quality rules, with the limits that the configuration names."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from apps.sensing.cleaning.duplicates import sort_order
from apps.sensing.cleaning.judging import judge
from apps.sensing.cleaning.memory import Previous
from apps.sensing.cleaning.rules import Rules
from apps.sensing.data import Batch, Floats
from apps.sensing.edge.config import Rule
from apps.sensing.edge.packing import Waiting

LIMITS = ("low", "high", "max_step", "stuck_after", "max_age")
OPTIONAL = ("spike", "clock")  # a column that limits nothing is left out: these cost time
NAMES = (*LIMITS, *OPTIONAL)


@dataclass
class Judge:
    """Sorts a batch, drops what is twice in it, and marks what breaks a rule."""

    previous: Previous = field(default_factory=Previous)
    _limits: Floats = field(default_factory=lambda: np.empty((0, len(NAMES))))

    def learn(self, rules: Sequence[Rule]) -> None:
        """Rules of the streams that are new, in the order of their numbers."""
        if not rules:
            return
        rows = [[getattr(rule, name) for name in NAMES] for rule in rules]
        self._limits = np.concatenate([self._limits, np.array(rows, np.float64).reshape(-1, len(NAMES))])

    def judge(self, batch: Batch) -> Waiting:
        """The batch sorted by (stream, time) with the rows marked that are not good."""
        ordered = batch.take(sort_order(batch))
        limits = self._limits[ordered.streams]
        columns = {name: limits[:, column] for column, name in enumerate(NAMES)}
        used = {name: cells for name, cells in columns.items() if name in LIMITS or np.isfinite(cells).any()}
        arrived = int(time.time() * 1_000_000)
        judged = judge(ordered, Rules(**used), self.previous, arrived=arrived)
        flagged: NDArray[np.bool_] = judged.quality > 0
        return Waiting(judged.batch, flagged)
