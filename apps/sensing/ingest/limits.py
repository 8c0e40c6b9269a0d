"""Which limits hold for each datastream: a rule for it beats one for its kind, and that the declaration."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from apps.core.declarations import StreamKind
from apps.core.domains import all_domains
from apps.sensing.cleaning.rules import LIMITS, RULES
from apps.sensing.data import Floats, Integers

COLUMNS = ("low", "high", "max_step", "stuck_after", "max_age")  # kept with the datastream itself
DECLARED = LIMITS[len(COLUMNS) :]
PEERS, GROUP = RULES.index("peers"), RULES.index("group")
Row = Sequence[Any]
Named = tuple[str, str]  # domain and kind
Limits = Mapping[str, float | None]


def limits_table(streams: Sequence[Row], rules: Sequence[Row]) -> Floats:
    """(n, len(RULES)), NaN for no limit. ``streams``: rows of FACTS; ``rules``: of LIVE."""
    by_stream: dict[int, Limits] = {row[2]: json.loads(row[3]) for row in rules if row[2] is not None}
    by_kind: dict[Named, Limits] = {(row[0], row[1]): json.loads(row[3]) for row in rules if row[2] is None}
    kinds = {
        (domain.slug, kind.key): declared_limits(kind) for domain in all_domains() for kind in domain.kinds
    }
    table = np.full((len(streams), len(RULES)), np.nan)
    for number, row in enumerate(streams):
        named = (row[2], row[12])
        layers = (kinds.get(named, {}), by_kind.get(named, {}), by_stream.get(row[0], {}))
        table[number] = limits_row(dict(zip(COLUMNS, row[4:9], strict=True)), *layers)
    return table


def declared_limits(kind: StreamKind) -> dict[str, float | None]:
    """What a kind declares beyond the columns of its datastreams."""
    return {name: getattr(kind, name) for name in DECLARED} | {"mend": 1.0 if kind.mend else None}


def limits_row(*layers: Limits) -> list[float]:
    """One row; a later layer's limit goes before an earlier one's, and None takes a limit away."""
    merged: dict[str, float | None] = {}
    for layer in layers:
        merged.update(layer)
    cells = [merged.get(name) for name in RULES]
    return [np.nan if cell is None else float(cell) for cell in cells]


def peers_number(table: Floats, streams: Sequence[Row]) -> dict[int, Integers]:
    """Number the groups of streams that are compared, in ``table`` too: number -> the ids of its streams.

    A group is a domain's streams of one kind on things of one division, or of one ``peers`` property.
    """
    if not np.isfinite(table[:, PEERS]).any():
        return {}
    names: dict[tuple[str, ...], list[int]] = {}
    for number, row in enumerate(streams):
        names.setdefault((row[2], row[12], row[13]), []).append(number)
    groups = {}
    for group, members in enumerate(names.values()):
        table[members, GROUP] = group
        groups[group] = np.array([streams[member][0] for member in members], np.int64)
    return groups
