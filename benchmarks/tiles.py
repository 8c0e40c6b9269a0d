"""Vector tiles of a million points: drawn anew, from the cache, and not changed, beside the usual query.

Whole requests through uvicorn with the same pool of connections. Ours obey session, rights and policy, which
the reference does not have: a small tile (zoom 14) shows what that costs. Zooms 8 and 10 hold counts by cell,
while the reference draws every point; from 12 on both draw the same. Rounds are interleaved.
``ARGS=100000`` takes another number of points.
"""

from __future__ import annotations

import sys
from math import asinh, pi, radians, tan

import numpy as np
import redis

from benchmarks.figures import Figure
from benchmarks.points import LAT, LON, Browser, points_make
from benchmarks.sizes import size
from tests.faults.bare import Bare, bare_running

POINTS, ROUNDS, ZOOMS = size(1_000_000, 3000), size(3, 1), size((8, 10, 12, 14), (8, 14))
COLD_GOALS = {8: 0.5, 10: 0.5, 12: 1.0}  # beside the reference
CACHED_GOAL_MS = 5.0
Samples = dict[str, list[float]]


def addresses(zoom: int) -> list[str]:
    """The tiles under six places among the points; at low zoom they are fewer."""
    count = 1 << zoom
    places = [(LON + east, LAT + north) for east in (-0.15, 0, 0.15) for north in (-0.1, 0.1)]
    found = {
        (int((lon + 180) / 360 * count), int((1 - asinh(tan(radians(lat))) / pi) / 2 * count))
        for lon, lat in places
    }
    return [f"/tiles/city.sites/{zoom}/{x}/{y}.mvt" for x, y in sorted(found)]


def cache_empty(bare: Bare) -> None:
    """Forget every drawn tile."""
    with redis.Redis.from_url(bare.stack.environment["REDIS_URL"]) as connection:
        for key in connection.scan_iter("*maps:tile:*"):
            connection.delete(key)


def samples(bare: Bare, ours: Browser, peer: Browser, zoom: int) -> Samples:
    """Times of every way to answer for one zoom."""
    found: Samples = {name: [] for name in ("cold", "cached", "not modified", "peer", "bytes", "peer bytes")}
    for _round in range(ROUNDS):
        cache_empty(bare)
        for address in addresses(zoom):
            took, tag, body = ours.get(address)
            found["cold"].append(took)
            found["bytes"].append(len(body))
            found["cached"].append(ours.get(address)[0])
            found["not modified"].append(ours.get(address, tag=tag)[0])
            took, _tag, body = peer.get(address)
            found["peer"].append(took)
            found["peer bytes"].append(len(body))
    return found


def figures_show(zoom: int, found: Samples) -> None:
    """The figures of one zoom."""
    p50 = {name: float(np.percentile(times, 50)) for name, times in found.items()}
    p95 = {name: float(np.percentile(times, 95)) for name, times in found.items()}
    goal = COLD_GOALS.get(zoom)
    Figure("tiles", f"zoom {zoom}, cold, p50", p50["cold"], "ms", p50["peer"], goal, at_most=True).show()
    Figure("tiles", f"zoom {zoom}, cold, p95", p95["cold"], "ms", p95["peer"]).show()
    for name in ("cached", "not modified"):
        figure = f"zoom {zoom}, {name}"
        Figure("tiles", f"{figure}, p50", p50[name], "ms", goal=CACHED_GOAL_MS, at_most=True).show()
        Figure("tiles", f"{figure}, p95", p95[name], "ms").show()
    Figure("tiles", f"zoom {zoom}, size", p50["bytes"] / 1000, "kB", p50["peer bytes"] / 1000).show()


def main() -> None:
    """Measure each zoom."""
    points = int(sys.argv[1]) if len(sys.argv) > 1 else POINTS
    with bare_running("bench-tiles", streams=1) as bare:
        session = points_make(bare, points)
        bare.stack.start("web")
        ours = Browser(bare.stack.site.ports.web, {"Cookie": f"sessionid={session}"})
        with bare.serving("benchmarks.tiles_peer:application") as port:
            peer = Browser(port, {})
            for zoom in ZOOMS:
                samples_warm(ours, peer, zoom)
                figures_show(zoom, samples(bare, ours, peer, zoom))


def samples_warm(ours: Browser, peer: Browser, zoom: int) -> None:
    """The first request of a connection starts PostGIS and PROJ; it is not counted."""
    for address in addresses(zoom):
        ours.get(address)
        peer.get(address)


if __name__ == "__main__":
    main()
