"""The simulator's week as files, in the shape that any city's own files may have."""

from __future__ import annotations

import csv
import gzip
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from apps.domains.city.network.build import segments
from apps.domains.city.simulator.city import SEED, values_at
from apps.domains.city.simulator.noise import Array
from apps.domains.city.simulator.roads import links, roads

DAY = 86_400


def week_export(folder: Path, *, until: datetime, days: int, step: int = 300) -> None:
    """Write ``speed.csv.gz`` (wide, with times), ``locations.csv`` and ``adjacency.csv``."""
    folder.mkdir(parents=True, exist_ok=True)
    codes = roads(SEED).codes
    end = int(until.timestamp()) // step * step
    times = np.arange(end - days * DAY, end, step)
    speeds = values_at(times)[:, : len(codes)]
    with gzip.open(folder / "speed.csv.gz", "wt", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["time", *codes])
        writer.writerows(_row(int(moment), row) for moment, row in zip(times, speeds, strict=True))
    _write(folder / "locations.csv", [["sensor", "latitude", "longitude"], *_places()])
    _write(folder / "adjacency.csv", np.maximum(links(), np.eye(len(codes))).tolist())


def _row(moment: int, speeds: Array) -> list[str]:
    words = ["" if np.isnan(value) else f"{value:.2f}" for value in speeds]
    return [datetime.fromtimestamp(moment, UTC).isoformat(), *words]


def _places() -> list[list[object]]:
    middles = [(item.code, item.degrees[len(item.degrees) // 2]) for item in segments()]
    return [[code, float(lat), float(lon)] for code, (lon, lat) in middles]


def _write(path: Path, rows: list[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(rows)
