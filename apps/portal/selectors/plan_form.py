"""What the plan form offers: places that the viewer sees clear, as a list and on a small map."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps

from apps.accounts.data import Viewer
from apps.audit.services import seen
from apps.core.declarations import Parameter, Places
from apps.core.domains import Domain
from apps.portal.selectors.rows import visible
from apps.privacy.services import RowPolicy, visible_fields

MOST = 500  # places in a form
GEOMETRY = "geometry"
WIDTH, MARGIN = 1000, 30
FINE = 0.0004  # degrees: what a line of this map may be wrong by
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Offer:
    """One place that can be chosen; ``first`` marks those that a form lists on top."""

    code: str
    label: str
    kind: str
    first: bool
    lon: float
    lat: float
    x: int = 0
    y: int = 0

    @property
    def title(self) -> str:
        """The name with the code, or what it is with the code that is its name."""
        return f"{self.label} ({self.code})" if self.label != self.code else f"{self.kind} {self.code}"


def places_offered(viewer: Viewer, item: Parameter, named: Iterable[str] = ()) -> list[Offer]:
    """All places of kinds that speak of nobody, and of the others the named ones; every one of them clear."""
    found = [offer for kind in item.places for offer in _offers(viewer, kind, [*named])]
    return sorted(found, key=lambda offer: (not offer.first, offer.kind, offer.title))


def _offers(viewer: Viewer, kind: Places, named: list[str]) -> list[Offer]:
    model = apps.get_model(kind.model)
    if not visible_fields(viewer, model)[kind.key].is_clear:
        return []
    rows, needed = visible(viewer, kind.model), {kind.key, kind.label, GEOMETRY, *dict(kind.only)}
    if getattr(model, "PERSONAL", False):
        rows = rows.filter(**{f"{kind.key}__in": named})
    policy = RowPolicy(viewer, model)
    shown = [row for row in rows[:MOST] if all(policy.fields(row)[name].is_clear for name in needed)]
    seen(kind.model, [row.pk for row in shown], sorted(needed))
    return [_offer(kind, row) for row in shown]


def _offer(kind: Places, row: Any) -> Offer:
    first = bool(kind.only) and all(getattr(row, name) == value for name, value in kind.only)
    centre = row.geometry.centroid
    code, label = getattr(row, kind.key), str(getattr(row, kind.label))
    return Offer(code, label, str(kind.title), first, centre.x, centre.y)


@dataclass(frozen=True, slots=True)
class SmallMap:
    """A drawing of the home areas and streets with the places on it, in the units of its view box."""

    width: int
    height: int
    areas: str
    lines: str
    places: list[Offer]


def small_map(viewer: Viewer, domain: Domain, offers: Sequence[Offer]) -> SmallMap | None:
    """The places over what the domain's still layers show of the city; None without a place."""
    if not offers:
        return None
    areas = [ring for layer in domain.layers if layer.home for ring in _rings(viewer, layer.model)]
    lines = [
        line for layer in domain.layers if layer.geometry == "line" for line in _lines(viewer, layer.model)
    ]
    points = [(offer.lon, offer.lat) for offer in offers]
    frame = _Frame.around([point for ring in areas for point in ring] or points)
    spots = [frame.at(point) for point in points]
    placed = [replace(offer, x=x, y=y) for offer, (x, y) in zip(offers, spots, strict=True)]
    return SmallMap(WIDTH, frame.height, frame.path(areas, "Z"), frame.path(lines), placed)


@dataclass(frozen=True, slots=True)
class _Frame:
    west: float
    north: float
    scale: float  # units a degree of latitude
    shrink: float  # of a degree of longitude
    height: int

    @classmethod
    def around(cls, points: Points) -> _Frame:
        west, east = (end(lon for lon, _lat in points) for end in (min, max))
        south, north = (end(lat for _lon, lat in points) for end in (min, max))
        shrink = math.cos(math.radians((south + north) / 2))
        scale = (WIDTH - 2 * MARGIN) / max((east - west) * shrink, (north - south), 0.01)
        height = max(round((north - south) * scale) + 2 * MARGIN, WIDTH // 4)
        return cls(west, north, scale, shrink, height)

    def at(self, point: tuple[float, float]) -> tuple[int, int]:
        lon, lat = point
        x, y = (lon - self.west) * self.shrink * self.scale, (self.north - lat) * self.scale
        return round(x) + MARGIN, round(y) + MARGIN

    def path(self, lines: Iterable[Points], end: str = "") -> str:
        parts = []
        for line in lines:
            first, *others = (self.at(point) for point in line)
            parts.append("M{} {}".format(*first) + "".join("L{} {}".format(*one) for one in others) + end)
        return "".join(parts)


def _clear_shapes(viewer: Viewer, label: str) -> list[Any]:
    model = apps.get_model(label)
    if not visible_fields(viewer, model)[GEOMETRY].is_clear:
        return []
    rows = visible(viewer, label).order_by("pk").values_list(GEOMETRY, flat=True)[: 4 * MOST]
    return [shape.simplify(FINE) for shape in rows]


def _rings(viewer: Viewer, label: str) -> list[Points]:
    shapes = _clear_shapes(viewer, label)
    parts = [list(shape) if shape.geom_type == "MultiPolygon" else [shape] for shape in shapes]
    return [part.coords[0] for shape in parts for part in shape]


def _lines(viewer: Viewer, label: str) -> list[Points]:
    return [shape.coords for shape in _clear_shapes(viewer, label) if shape.geom_type == "LineString"]
