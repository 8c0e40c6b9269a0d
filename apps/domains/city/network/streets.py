"""The streets of the city as whole lines, before they are cut at their junctions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from shapely import LineString, Polygon

from apps.domains.city.network.frame import Array, warped
from apps.domains.city.network.names import ACROSS, ALONG, DIAGONALS, RINGS

WIDTH, HEIGHT = 11_000.0, 9_000.0  # metres: the built-up area
POINTS = 121  # of a street line
BANK_REACH = 4_700.0  # metres that the avenue follows the river, east and west of the centre


@dataclass(frozen=True, slots=True)
class Street:
    """One street: its names, the sides that its two halves are called after, its class and its line."""

    name: str
    name_en: str
    sides: tuple[str, str]  # ("west", "east"), or ("", "") where the street is not halved
    road_class: str
    line: LineString


def streets() -> list[Street]:
    """Every street, the higher classes first."""
    found = [*_rings(), *_diagonals(), *_grid()]
    order = ("expressway", "arterial", "collector", "local")
    return sorted(found, key=lambda street: order.index(street.road_class))


def river() -> LineString:
    """The middle of the river, from the hills in the north-west to the sea in the south-east."""
    east = np.linspace(-9_000, 9_000, POINTS)
    north = 900 - 0.26 * east + 700 * np.sin(east / 2_300 + 0.6)
    return LineString(np.column_stack([east, north]))


def outline() -> Polygon:
    """The city limits: a rounded shape with a bay on the coast."""
    angle = np.linspace(0, 2 * np.pi, 240, endpoint=False)
    reach = 1 + 0.05 * np.sin(3 * angle + 0.5) + 0.03 * np.sin(7 * angle) + 0.02 * np.sin(13 * angle + 2)
    bay = 1 - 0.16 * np.exp(-(((angle - 5.35) / 0.22) ** 2))
    return Polygon(np.column_stack([7_600 * np.cos(angle), 6_500 * np.sin(angle)]) * (reach * bay)[:, None])


def _line(metres: Array) -> LineString:
    return LineString(warped(metres))


def _grid_class(index: int) -> str:
    return {0: "local", 1: "collector", 2: "arterial"}[index % 3]


def _grid() -> list[Street]:
    found = []
    reach = np.linspace(-1, 1, POINTS)
    for index, (name, english) in enumerate(ACROSS):
        north = HEIGHT * (index / (len(ACROSS) - 1) - 0.5)
        half = WIDTH / 2 * (1 - 0.22 * (2 * north / HEIGHT) ** 2)  # the edge of a town is not a rectangle
        points = np.column_stack([half * reach, np.full(POINTS, north)])
        found.append(Street(name, english, ("west", "east"), _grid_class(index), _line(points)))
    for index, (name, english) in enumerate(ALONG):
        east = WIDTH * (index / (len(ALONG) - 1) - 0.5)
        half = HEIGHT / 2 * (1 - 0.25 * (2 * east / WIDTH) ** 2)
        points = np.column_stack([np.full(POINTS, east), half * reach])
        found.append(Street(name, english, ("south", "north"), _grid_class(index + 1), _line(points)))
    return found


def _rings() -> list[Street]:
    angle = np.linspace(0, 2 * np.pi, 2 * POINTS)
    found = []
    for (name, english), radius, road_class in zip(
        RINGS, (0.42, 0.87), ("arterial", "expressway"), strict=True
    ):
        bulge = radius * (1 + 0.04 * np.sin(3 * angle))
        points = np.column_stack([WIDTH / 2 * bulge * np.cos(angle), HEIGHT / 2 * bulge * np.sin(angle)])
        points[-1] = points[0]  # sin(2 pi) is not quite 0
        found.append(Street(name, english, ("", ""), road_class, _line(points)))
    return found


def _diagonals() -> list[Street]:
    reach = np.linspace(-1, 1, POINTS)
    slant = np.column_stack([5_300 * reach, 3_900 * reach + 350 * np.sin(2.5 * reach)])
    bank = np.asarray(river().parallel_offset(260, "right").coords)
    bank = bank[np.abs(bank[:, 0]) < BANK_REACH]
    (name, english), (bank_name, bank_english) = DIAGONALS
    return [
        Street(name, english, ("", ""), "arterial", _line(slant)),
        Street(bank_name, bank_english, ("", ""), "collector", LineString(bank)),
    ]
