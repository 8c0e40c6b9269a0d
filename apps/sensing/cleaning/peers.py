"""Plausibility across sensors: a value far from what its peers say at the same time is suspect."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from apps.sensing.cleaning.rules import Previous
from apps.sensing.cleaning.spikes import LEAST, TO_SIGMA
from apps.sensing.data import Batch, Floats

FEWEST = 4  # peers that must have spoken lately
LATELY = 900_000_000  # microseconds
Mask = NDArray[np.bool_]
Peers = Mapping[int, tuple[int, ...]]  # stream -> the streams that it is compared with


def strangers(batch: Batch, limits: Floats, previous: Previous, peers: Peers) -> Mask:
    """Rows further than ``limits`` robust deviations from the median of their peers' last values."""
    found = np.zeros(len(batch), bool)
    for row in np.flatnonzero(np.isfinite(limits)):
        stream, time = int(batch.streams[row]), int(batch.times[row])
        values = _said_lately(previous, peers.get(stream, ()), stream, time)
        if len(values) >= FEWEST:
            centre = float(np.median(values))
            scale = max(TO_SIGMA * float(np.median(np.abs(values - centre))), LEAST * abs(centre))
            found[row] = abs(batch.results[row] - centre) > limits[row] * scale
    return found


def _said_lately(previous: Previous, peers: tuple[int, ...], stream: int, time: int) -> Floats:
    known = (previous.last[peer] for peer in peers if peer != stream and peer in previous.last)
    return np.array([value for at, value, _since in known if abs(time - at) < LATELY])
