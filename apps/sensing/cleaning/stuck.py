"""The stuck rule: a sensor that says the same for too long."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from apps.sensing.data import Batch, Floats, Integers

Mask = NDArray[np.bool_]


def unchanged_since(batch: Batch, changed: Mask, starts: Integers, since: Integers) -> Integers:
    """Since when each row's value is the same, in microseconds.

    ``changed``: rows that begin anew; ``starts``: each stream's first row; ``since``: known before the batch,
    a row each.
    """
    rows = np.arange(len(batch))
    is_start = np.zeros(len(batch), bool)
    is_start[starts] = True
    run = np.maximum.accumulate(np.where(is_start | changed, rows, 0))
    carried = (is_start & ~changed)[run]  # the run goes on from before the batch
    found: Integers = np.where(carried, since, batch.times[run])
    return found


def stuck(batch: Batch, since: Integers, stuck_after: Floats) -> Mask:
    """Rows whose value has been the same for more than ``stuck_after`` seconds."""
    return (batch.times - since) / 1e6 > stuck_after
