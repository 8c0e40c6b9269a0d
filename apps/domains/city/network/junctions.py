"""Streets cut at their junctions: the graph of the street network."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from apps.domains.city.network.frame import Array
from apps.domains.city.network.streets import Street

MERGE_METRES = 170.0  # crossings closer than this are one junction


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a street between two junctions."""

    street: Street
    start: int  # junction numbers
    end: int
    line: LineString


def pieces_cut(streets: list[Street]) -> list[Piece]:
    """Every street cut where it meets the others; of two on one stretch the higher class stays."""
    crossings = [
        (first, second, point)
        for first, second in combinations(range(len(streets)), 2)
        for point in _points(streets[first].line.intersection(streets[second].line))
    ]
    junction, centres = _merged(np.array([[point.x, point.y] for _, _, point in crossings]))
    on_street: dict[int, set[int]] = defaultdict(set)
    for number, (first, second, _) in zip(junction, crossings, strict=True):
        on_street[first].add(number)
        on_street[second].add(number)
    found: dict[tuple[int, int], Piece] = {}
    for index, street in enumerate(streets):
        for piece in _cut(street, on_street[index], centres):
            found.setdefault((min(piece.start, piece.end), max(piece.start, piece.end)), piece)
    return list(found.values())


def _points(shape: BaseGeometry) -> list[Point]:
    return [
        part for part in getattr(shape, "geoms", [shape]) if isinstance(part, Point) and not part.is_empty
    ]


def _merged(points: Array) -> tuple[list[int], Array]:
    """The junction number of each crossing, and the middle of each junction."""
    centres: list[Array] = []
    numbers = []
    for point in points:
        gaps = [float(np.hypot(*(point - centre))) for centre in centres]
        nearest = int(np.argmin(gaps)) if gaps else -1
        if nearest < 0 or gaps[nearest] > MERGE_METRES:
            nearest = len(centres)
            centres.append(point)
        numbers.append(nearest)
    return numbers, np.array(centres)


def _cut(street: Street, junctions: set[int], centres: Array) -> list[Piece]:
    along = sorted((street.line.project(Point(centres[number])), number) for number in junctions)
    closed = street.line.coords[0] == street.line.coords[-1]
    pieces = [
        _piece(street, (start, end), centres, substring(street.line, from_metres, to_metres))
        for (from_metres, start), (to_metres, end) in pairwise(along)
    ]
    if closed:
        (last_metres, last), (first_metres, first) = along[-1], along[0]
        head = substring(street.line, 0, first_metres)
        tail = substring(street.line, last_metres, street.line.length)
        around = LineString([*tail.coords, *list(head.coords)[1:]])
        pieces.append(_piece(street, (last, first), centres, around))
    return pieces


def _piece(street: Street, ends: tuple[int, int], centres: Array, line: LineString) -> Piece:
    inner = LineString([centres[ends[0]], *list(line.coords)[1:-1], centres[ends[1]]])
    return Piece(street, *ends, inner.simplify(4.0))
