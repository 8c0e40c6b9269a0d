"""Which limits hold for each datastream: a rule for it beats one for its kind, and that the declaration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from apps.core.declarations import StreamKind
from apps.core.domains import all_domains
from apps.sensing.cleaning.rules import RULES
from apps.sensing.data import Floats

COLUMNS = ("low", "high", "max_step", "stuck_after", "max_age")  # kept with the datastream itself
DECLARED = ("spike", "mend", "clock", "peers")
Row = Sequence[Any]


def limits_table(streams: Sequence[Row], rules: Sequence[Row]) -> Floats:
    """(n, len(RULES)), NaN for no limit. ``streams``: rows of FACTS; ``rules``: of LIVE."""
    by_stream = {row[2]: row[3] for row in rules if row[2] is not None}
    by_kind = {(row[0], row[1]): row[3] for row in rules if row[2] is None}
    kinds = {
        (domain.slug, kind.key): declared_limits(kind) for domain in all_domains() for kind in domain.kinds
    }
    table = np.full((len(streams), len(RULES)), np.nan)
    for number, row in enumerate(streams):
        named = (row[2], row[12])
        own = dict(zip(COLUMNS, row[4:9], strict=True))
        table[number] = limits_row(
            own, kinds.get(named, {}), by_kind.get(named, {}), by_stream.get(row[0], {})
        )
    return table


def declared_limits(kind: StreamKind) -> dict[str, float | None]:
    """What a kind declares beyond the columns of its datastreams."""
    limits = {name: getattr(kind, name) for name in DECLARED}
    return {**limits, "mend": 1.0 if kind.mend else None}


def limits_row(*layers: Mapping[str, float | None]) -> list[float]:
    """One row; a later layer's limit goes before an earlier one's."""
    merged: dict[str, float | None] = {}
    for layer in layers:
        merged.update(layer)
    cells = [merged.get(name) for name in RULES]
    return [np.nan if cell is None else float(cell) for cell in cells]
