"""GeoJSON pages of 1,000 out of a million points: the first, a deep one, and a box.

Whole requests through uvicorn with a session, the policy kernel in force. Beside them the usual service in
the same run: rows with ``ST_AsGeoJSON``, ``OFFSET`` and the count that most servers add to every page.
``ARGS=100000`` takes another number of points.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from urllib.parse import urlsplit

import numpy as np
import orjson

from benchmarks.figures import Figure
from benchmarks.points import LAT, LON, Browser, points_make
from benchmarks.sizes import size
from tests.faults.bare import bare_running

POINTS, ROUNDS, LIMIT = size(1_000_000, 3000), size(15, 2), 1000
GOAL_MS = 20.0
ITEMS = "/ogc/collections/city.sites/items"
HALF = 0.05  # degrees: half the width of the box


def questions(points: int) -> dict[str, tuple[str, str]]:
    """Name -> our address and the reference's."""
    deep, box = points // 2, f"{LON - HALF},{LAT - HALF},{LON + HALF},{LAT + HALF}"
    return {
        "first page": (f"?limit={LIMIT}", f"?limit={LIMIT}"),
        "deep page": (f"?limit={LIMIT}&cursor={deep}", f"?limit={LIMIT}&offset={deep}"),
        "last page": (f"?limit={LIMIT}&cursor={points - LIMIT}", f"?limit={LIMIT}&offset={points - LIMIT}"),
        "box": (f"?limit={LIMIT}&bbox={box}", f"?limit={LIMIT}&bbox={box}"),
    }


def times_show(name: str, ours: list[float], peer: list[float]) -> None:
    """The figures of one question."""
    p50, p95 = float(np.percentile(ours, 50)), float(np.percentile(ours, 95))
    Figure("features", f"{name}, p50", p50, "ms", goal=GOAL_MS, at_most=True).show()
    Figure("features", f"{name}, p95", p95, "ms", float(np.percentile(peer, 95))).show()
    Figure("features", f"{name}, p50 beside the usual", p50, "ms", float(np.percentile(peer, 50))).show()


def pages_walk(ours: Browser, pages: int = 20) -> None:
    """Follow the links from page to page: no feature twice, none left out."""
    address, keys, times = f"{ITEMS}?limit={LIMIT}", list[int](), list[float]()
    for _page in range(pages):
        took, _tag, body = ours.get(address)
        page = orjson.loads(body)
        times.append(took)
        keys += [feature["id"] for feature in page["features"]]
        link = next((link for link in page["links"] if link["rel"] == "next"), None)
        if link is None:
            break
        address = urlsplit(link["href"]).path + "?" + urlsplit(link["href"]).query
    if any(after != before + 1 for before, after in pairwise(keys)):
        raise RuntimeError("the pages overlap or leave gaps")
    p50 = float(np.percentile(times, 50))
    Figure("features", "page by its link, p50", p50, "ms", goal=GOAL_MS, at_most=True).show()


def main() -> None:
    """Measure each question, ours and the reference by turns."""
    points = int(sys.argv[1]) if len(sys.argv) > 1 else POINTS
    with bare_running("bench-features", streams=1) as bare:
        session = points_make(bare, points)
        bare.stack.start("web")
        ours = Browser(bare.stack.site.ports.web, {"Cookie": f"sessionid={session}"})
        with bare.serving("benchmarks.tiles_peer:application") as port:
            peer = Browser(port, {})
            for name, (mine, theirs) in questions(points).items():
                ours.get(ITEMS + mine)
                pairs = [(ours.get(ITEMS + mine)[0], peer.get("/items" + theirs)[0]) for _ in range(ROUNDS)]
                times_show(name, [pair[0] for pair in pairs], [pair[1] for pair in pairs])
            pages_walk(ours)


if __name__ == "__main__":
    main()
