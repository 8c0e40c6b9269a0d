"""Sites that the demonstration city inspects, beside its streets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from shapely import Point

from apps.domains.city.network.build import SEED, division_at, points_near, segments

SITES = 64
ASIDE = 45.0  # metres from the middle of the street
# Category, Chinese word, minutes of a visit, opening and closing hour, priority, days between visits.
KINDS = (
    ("bridge", "桥梁", 35, 8, 18, 3, 30),
    ("drain", "泵站", 25, 8, 20, 3, 14),
    ("waste", "垃圾转运站", 20, 6, 12, 2, 7),
    ("market", "农贸市场", 30, 7, 13, 2, 7),
    ("works", "建筑工地", 40, 9, 18, 2, 10),
    ("park", "公园", 20, 8, 19, 1, 21),
)


@dataclass(frozen=True, slots=True)
class SitePlan:
    """One site, ready to become a row; ``days_ago`` is the age of the last visit."""

    code: str
    name: str
    category: str
    minutes: int
    opens: int  # local hour
    closes: int
    priority: int
    interval: int
    days_ago: float
    place: Point
    division: str


def sites() -> list[SitePlan]:
    """The depot in the middle of the city, then the sites."""
    luck = np.random.default_rng([SEED, 21])
    rows = segments()
    drawn = [(rows[int(luck.integers(len(rows)))], float(luck.uniform(0.2, 0.8))) for _ in range(SITES)]
    places = points_near([(row.code, share) for row, share in drawn], aside=ASIDE)
    middle = min(rows, key=lambda row: row.line.distance(Point(0, 0)))
    depot_at = points_near([(middle.code, 0.5)], aside=ASIDE)[0]
    depot = SitePlan("S000", "市政巡查中心", "depot", 0, 0, 23, 1, 365, 1.0, depot_at, division_at(depot_at))
    return [
        depot,
        *(
            _site(n, row.name, place, luck)
            for n, ((row, _), place) in enumerate(zip(drawn, places, strict=True), 1)
        ),
    ]


def _site(number: int, street: str, place: Point, luck: np.random.Generator) -> SitePlan:
    category, word, minutes, opens, closes, priority, interval = KINDS[number % len(KINDS)]
    return SitePlan(
        code=f"S{number:03d}",
        name=f"{street}{word}",
        category=category,
        minutes=minutes,
        opens=opens,
        closes=closes,
        priority=priority,
        interval=interval,
        days_ago=float(luck.uniform(0.5, 1.5)) * interval,
        place=place,
        division=division_at(place),
    )
