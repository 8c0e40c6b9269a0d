"""Vector tiles of 100 000 points: drawn anew, from the cache, and not changed, beside the usual query.

Whole requests through uvicorn with the same pool of connections. Ours look up session, rights and policy,
which the reference does not: a small tile (zoom 14) shows what that costs. Zooms 8 and 10 hold counts by
cell, while the reference draws every point; from 12 on both draw the same. Rounds are interleaved.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Mapping
from math import asinh, pi, radians, tan

import numpy as np
import redis

from benchmarks.figures import Figure
from cityplatform.local.ports import HOST
from tests.faults.bare import Bare, bare_running

LON, LAT = 118.05, 24.45  # degrees: where benchmarks.map_seeding puts the points
POINTS, ROUNDS, ZOOMS = 100_000, 5, (8, 10, 12, 14)
CACHED_GOAL_MS, CACHED_GOAL = 50.0, 0.5  # the second beside a reference that draws large tiles
LARGE_ZOOM, COUNTED_ZOOM = 12, 10  # tiles up to here are large, those up to the other hold counts
OK, NOT_MODIFIED, EMPTY = 200, 304, 204
SEED = "import json; from benchmarks.map_seeding import points_seed; print(json.dumps(points_seed({count})))"
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


class Browser:
    """One kept connection."""

    def __init__(self, port: int, headers: Mapping[str, str]) -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=60)
        self._headers = dict(headers)

    def get(self, address: str, *, tag: str = "") -> tuple[float, str, int]:
        """Milliseconds, ETag and length of one answer."""
        begin = time.perf_counter()
        self._connection.request(
            "GET", address, headers=self._headers | ({"If-None-Match": tag} if tag else {})
        )
        answer = self._connection.getresponse()
        body = answer.read()
        took = (time.perf_counter() - begin) * 1000
        if answer.status not in {OK, EMPTY, NOT_MODIFIED} or bool(tag) != (answer.status == NOT_MODIFIED):
            raise RuntimeError(f"{address}: {answer.status} {body[:200]!r}")
        return took, answer.getheader("ETag", ""), len(body)


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
            took, tag, size = ours.get(address)
            found["cold"].append(took)
            found["bytes"].append(size)
            found["cached"].append(ours.get(address)[0])
            found["not modified"].append(ours.get(address, tag=tag)[0])
            took, _tag, size = peer.get(address)
            found["peer"].append(took)
            found["peer bytes"].append(size)
    return found


def figures_show(zoom: int, found: Samples) -> None:
    """The figures of one zoom."""
    p50 = {name: float(np.percentile(times, 50)) for name, times in found.items()}
    p95 = {name: float(np.percentile(times, 95)) for name, times in found.items()}
    goals = {
        "cold": 1.0 if zoom <= COUNTED_ZOOM else None,
        "cached": CACHED_GOAL if zoom <= LARGE_ZOOM else None,
        "not modified": CACHED_GOAL if zoom <= LARGE_ZOOM else None,
    }
    for name, goal in goals.items():
        Figure("tiles", f"zoom {zoom}, {name}, p50", p50[name], "ms", p50["peer"], goal, at_most=True).show()
        Figure("tiles", f"zoom {zoom}, {name}, p95", p95[name], "ms", p95["peer"]).show()
    Figure(
        "tiles", f"zoom {zoom}, cached, p95 alone", p95["cached"], "ms", goal=CACHED_GOAL_MS, at_most=True
    ).show()
    Figure("tiles", f"zoom {zoom}, size", p50["bytes"] / 1000, "kB", p50["peer bytes"] / 1000).show()


def main() -> None:
    """Measure each zoom."""
    with bare_running("bench-tiles", streams=1) as bare:
        seed = SEED.format(count=POINTS)
        made = json.loads(bare.stack.manage("shell", "--verbosity", "0", "-c", seed))
        bare.stack.sql("VACUUM ANALYZE city_inspectionsite")
        bare.stack.start("web")
        ours = Browser(bare.stack.site.ports.web, {"Cookie": f"sessionid={made['session']}"})
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
