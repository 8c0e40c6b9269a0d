"""The whole demonstration network: named segments, their neighbours, and the districts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from shapely import LineString, MultiPoint, MultiPolygon, Point, Polygon, transform, voronoi_polygons

from apps.domains.city.network.frame import Array, to_degrees, warped
from apps.domains.city.network.junctions import Piece, pieces_cut
from apps.domains.city.network.names import DISTRICTS, SIDES
from apps.domains.city.network.streets import outline, river, streets

SEED = 3599
DROPPED = 0.12  # share of the small streets that were never built
RIVER_HALF_WIDTH = 130.0
SLIVER = 50_000.0  # square metres: smaller parts of a district are left out
LIMITS = {"expressway": 80.0, "arterial": 60.0, "collector": 50.0, "local": 40.0}  # km/h
LANES = {"expressway": 8, "arterial": 6, "collector": 4, "local": 2}
DISTRICT_SEEDS = ((-3600, 2600), (600, 3300), (4200, 2200), (-3900, -1500), (-200, -1900), (4000, -2400))


@dataclass(frozen=True, slots=True)
class Segment:
    """One road segment, ready to become a row."""

    code: str
    name: str
    name_en: str
    road_class: str
    lanes: int
    speed_limit: float
    length: float
    start: int
    end: int
    line: LineString  # metres
    division: str

    @property
    def degrees(self) -> Array:
        """The line in longitude and latitude."""
        return to_degrees(np.asarray(self.line.coords))


@dataclass(frozen=True, slots=True)
class District:
    """One district: division code, names, area in metres."""

    code: str
    name: str
    name_en: str
    area: MultiPolygon

    @property
    def degrees(self) -> MultiPolygon:
        """The area in longitude and latitude."""
        return transform(self.area, to_degrees)


@cache
def segments() -> tuple[Segment, ...]:
    """Every road segment, numbered from south-west to north-east within its street."""
    kept = sorted(_connected(_built(pieces_cut(streets()))), key=_order)
    counts: dict[str, int] = defaultdict(int)
    return tuple(_segment(number, piece, counts) for number, piece in enumerate(kept, 1))


@cache
def districts() -> tuple[District, ...]:
    """The six districts; between those on the two banks lies the river."""
    limits, water = outline(), river().buffer(RIVER_HALF_WIDTH)
    cells = voronoi_polygons(MultiPoint(DISTRICT_SEEDS), extend_to=limits.buffer(3_000), ordered=True)
    found = []
    for (code, name, english), cell in zip(DISTRICTS, cells.geoms, strict=True):
        bent = Polygon(warped(np.asarray(cell.segmentize(300).exterior.coords)))
        area = bent.intersection(limits).difference(water)
        parts = [part for part in getattr(area, "geoms", [area]) if part.area > SLIVER]
        found.append(District(code, name, english, MultiPolygon(parts)))
    return tuple(found)


def division_at(point: Point) -> str:
    """The code of the district at, or nearest to, a point of the plane."""
    return min(districts(), key=lambda district: float(district.area.distance(point))).code


def neighbours() -> list[tuple[str, str, float]]:
    """Pairs of segments that share a junction, both ways, with the weight of a turn between their classes."""
    at: dict[int, list[Segment]] = defaultdict(list)
    for segment in segments():
        at[segment.start].append(segment)
        at[segment.end].append(segment)
    pairs = {(a.code, b.code, _weight(a, b)) for meeting in at.values() for a in meeting for b in meeting}
    return sorted(pair for pair in pairs if pair[0] != pair[1])


def _weight(first: Segment, second: Segment) -> float:
    """Traffic that stays on its street spreads more than traffic that turns off."""
    if first.name.rstrip("0123456789段") == second.name.rstrip("0123456789段"):
        return 0.9
    return 0.6 if first.road_class == second.road_class else 0.35


def _built(pieces: list[Piece]) -> list[Piece]:
    """Without small streets that would need a bridge, and without some that were never built."""
    luck = np.random.default_rng(SEED).random(len(pieces))
    water = river()
    return [
        piece
        for piece, drawn in zip(pieces, luck, strict=True)
        if piece.street.road_class in {"expressway", "arterial"}
        or (not piece.line.crosses(water) and (piece.street.road_class == "collector" or drawn > DROPPED))
    ]


def _connected(pieces: list[Piece]) -> list[Piece]:
    """The largest part of the network that hangs together."""
    links: dict[int, set[int]] = defaultdict(set)
    for piece in pieces:
        links[piece.start].add(piece.end)
        links[piece.end].add(piece.start)
    parts, seen = [], set()
    for node in links:
        if node not in seen:
            part = _reached(node, links)
            seen |= part
            parts.append(part)
    largest = max(parts, key=len)
    return [piece for piece in pieces if piece.start in largest]


def _reached(start: int, links: dict[int, set[int]]) -> set[int]:
    reached, todo = {start}, [start]
    while todo:
        fresh = links[todo.pop()] - reached
        reached |= fresh
        todo.extend(fresh)
    return reached


def _order(piece: Piece) -> tuple[str, float]:
    middle = piece.line.interpolate(0.5, normalized=True)
    return piece.street.name_en, piece.street.line.project(middle)


def _segment(number: int, piece: Piece, counts: dict[str, int]) -> Segment:
    street, middle = piece.street, piece.line.interpolate(0.5, normalized=True)
    side = street.sides[int(street.line.project(middle) > street.line.length / 2)]
    part, part_en = SIDES.get(side, ("", ""))
    whole = f"{street.name}{part}路" if side else street.name
    counts[whole] += 1
    bridge = piece.line.crosses(river())
    english = " ".join(filter(None, (street.name_en, part_en, "Road" if side else "")))
    return Segment(
        code=f"R{number:04d}",
        name=f"{whole}大桥" if bridge and side else f"{whole}{counts[whole]}段",
        name_en=f"{english} bridge" if bridge and side else f"{english}, section {counts[whole]}",
        road_class=street.road_class,
        lanes=LANES[street.road_class],
        speed_limit=LIMITS[street.road_class],
        length=round(piece.line.length, 1),
        start=piece.start,
        end=piece.end,
        line=piece.line,
        division=division_at(middle),
    )


def points_near(places: Iterable[tuple[str, float]], *, aside: float) -> list[Point]:
    """A point ``aside`` metres off the segment called code, at a share of its length, for each place."""
    known = {segment.code: segment.line for segment in segments()}
    return [
        known[code].parallel_offset(aside, "left").interpolate(share, normalized=True)
        for code, share in places
    ]
