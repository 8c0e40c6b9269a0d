"""Where the sensors are, and how they hang together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError
from apps.domains.city.network.frame import METRES_PER_DEGREE
from apps.domains.city.services.importing.files import Sheet, sheet_read
from apps.sensing.data import Floats

REACH_METRES = 150.0  # half of the line drawn for a loop detector
EAST = (1.0, 0.0)
LARGEST_LONGITUDE, LARGEST_LATITUDE = 180.0, 90.0
LonLat = tuple[float, float]


def locations_read(path: Path, *, mapping: Mapping[str, str]) -> dict[str, LonLat]:
    """Longitude and latitude by sensor."""
    sheet = sheet_read(path)
    sensor = sheet.column(*_names(mapping, "location_sensor", ("sensor_id", "sensor", "id", "code")))
    lon = sheet.column(*_names(mapping, "longitude", ("longitude", "lon", "lng")))
    lat = sheet.column(*_names(mapping, "latitude", ("latitude", "lat")))
    return {
        sheet.rows[row][sensor].strip(): (
            _within(sheet, row, lon, LARGEST_LONGITUDE),
            _within(sheet, row, lat, LARGEST_LATITUDE),
        )
        for row in range(len(sheet.rows))
    }


def adjacency_read(path: Path, *, sensors: int) -> Floats:
    """A square matrix of weights 0 to 1, without header, in the order of the sensors."""
    sheet = sheet_read(path, has_header=False)
    if len(sheet.rows) != sensors or len(sheet.header) != sensors:
        words = _("%(file)s has %(rows)d x %(columns)d numbers; %(wanted)d x %(wanted)d are needed.")
        shape = {"rows": len(sheet.rows), "columns": len(sheet.header), "wanted": sensors}
        raise ProblemError(words % {"file": sheet.name, **shape}, "adjacency")
    weights = np.array([[sheet.number(row, column) for column in range(sensors)] for row in range(sensors)])
    wrong = np.argwhere(~((weights >= 0) & (weights <= 1)))
    if wrong.size:
        raise sheet.fault(int(wrong[0, 0]), int(wrong[0, 1]), _("A weight lies between 0 and 1."))
    return weights


def line_towards(place: LonLat, neighbour: LonLat | None) -> list[LonLat]:
    """A short straight line through ``place`` in the direction of ``neighbour``; eastwards without one."""
    shrink = math.cos(math.radians(place[1]))
    east, north = (
        EAST
        if neighbour is None
        else (
            (neighbour[0] - place[0]) * shrink,
            neighbour[1] - place[1],
        )
    )
    length = math.hypot(east, north)
    east, north = (east / length, north / length) if length else EAST
    reach = REACH_METRES / METRES_PER_DEGREE
    return [
        (round(place[0] + side * reach * east / shrink, 6), round(place[1] + side * reach * north, 6))
        for side in (-1, 1)
    ]


def lines_drawn(places: Sequence[LonLat], weights: Floats) -> list[list[LonLat]]:
    """A line for each sensor, towards the one that it is tied to most, in either direction."""
    ties = np.maximum(weights, weights.T)
    np.fill_diagonal(ties, 0)
    return [
        line_towards(place, places[int(row.argmax())] if row.max() > 0 else None)
        for place, row in zip(places, ties, strict=True)
    ]


def _names(mapping: Mapping[str, str], key: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    return (mapping[key],) if key in mapping else usual


def _within(sheet: Sheet, row: int, column: int, limit: float) -> float:
    value = sheet.number(row, column)
    if not abs(value) <= limit:
        words = _("The number must lie between -%(limit)d and %(limit)d.")
        raise sheet.fault(row, column, words % {"limit": limit})
    return value
