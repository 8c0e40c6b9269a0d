"""Plain values that the learning app gives to others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What may differ from the recipe; everything left out is chosen from the data."""

    epochs: int | None = None
    seed: int = 7
    data_from: datetime | None = None
    data_until: datetime | None = None
    datastream_ids: Sequence[int] = ()
    scope: str = ""  # names a data set apart from the live city, such as an imported one
    net: Mapping[str, int] = field(default_factory=dict)  # sizes of the network, for small trials


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """How the forecasts of the last days compare with what came true."""

    count: int
    mae: float
    naive_mae: float
    rmse: float
    covered80: float
    covered95: float
    since: datetime
