"""Making room: of the oldest readings every second one of each stream goes, what broke a rule stays.

Batches that were thinned least go first, the oldest of them before the younger; only when everything has
been thinned ``MOST_LEVEL`` times does the oldest batch go as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from apps.sensing.edge.packing import Waiting
from apps.sensing.edge.sampling import joined
from apps.sensing.edge.store import Entry, Store

ROWS = 40_000  # thinned in one transaction
MOST_LEVEL = 8


def store_thin(store: Store) -> int:
    """Make some room; returns how many readings were given up, 0 when there is nothing to give."""
    with store.lock:  # nothing may be leased between the look and the change
        return _thin(store)


def _thin(store: Store) -> int:
    level = store.lowest_level()
    if level is None:
        return 0
    entries = store.oldest(rows=ROWS, after=store.in_flight, level=level)
    if not entries:
        return 0
    if level >= MOST_LEVEL:
        store.forwarded(entries[:1], reason="")
        return len(entries[0].waiting)
    before = sum(len(entry.waiting) for entry in entries)
    thinned = _halved(entries)
    store.replace(entries, thinned)
    return before - len(thinned)


def _halved(entries: Sequence[Entry]) -> Waiting:
    """Every second reading of each stream, the newest one of them and all that broke a rule."""
    batch = joined(*(entry.waiting.batch for entry in entries))
    flagged = np.concatenate([entry.waiting.flagged for entry in entries])
    order = np.lexsort((batch.times, batch.streams))
    ordered = Waiting(batch, flagged).take(order)
    streams = ordered.batch.streams
    ends = np.append(np.flatnonzero(streams[1:] != streams[:-1]) + 1, len(streams))
    from_end = ends[np.searchsorted(ends, np.arange(len(streams)), side="right")] - np.arange(len(streams))
    return ordered.take(np.flatnonzero((from_end % 2 == 1) | ordered.flagged))
