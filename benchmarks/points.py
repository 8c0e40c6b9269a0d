"""Inspection sites for the benchmarks of tiles and features, written by the database itself."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Mapping

from cityplatform.local.ports import HOST
from tests.faults.bare import Bare

LON, LAT = 118.05, 24.45  # degrees: where benchmarks.map_seeding puts its points
SPREAD = 0.25  # degrees
OK, NOT_MODIFIED, EMPTY = 200, 304, 204
PIECE = 1 << 20
SESSION = "import json; from benchmarks.map_seeding import points_seed; print(json.dumps(points_seed(0)))"
INSERT = """
    INSERT INTO city_inspectionsite (code, name, division, geometry, category, service_minutes, opens, closes,
                                     priority, interval_days)
    SELECT 'P' || n, 'P' || n, '', ST_SetSRID(ST_MakePoint(%s + %s * (2 * random() - 1),
           %s + %s * (2 * random() - 1)), 4326), 'park', 10, '08:00', '18:00', 1, 14
      FROM generate_series(1, %s) AS n
"""


def points_make(bare: Bare, count: int) -> str:
    """Spread ``count`` sites over half a degree; returns the session of somebody who may see them."""
    made = json.loads(bare.stack.manage("shell", "--verbosity", "0", "-c", SESSION))
    bare.stack.sql("SELECT setseed(0.5)")
    bare.stack.sql(INSERT, LON, SPREAD, LAT, SPREAD, count)
    bare.stack.sql("VACUUM ANALYZE city_inspectionsite")
    return str(made["session"])


class Browser:
    """One kept connection."""

    def __init__(self, port: int, headers: Mapping[str, str]) -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=120)
        self._headers = dict(headers)

    def get(self, address: str, *, tag: str = "") -> tuple[float, str, bytes]:
        """Milliseconds, ETag and body of one answer."""
        begin = time.perf_counter()
        self._connection.request(
            "GET", address, headers=self._headers | ({"If-None-Match": tag} if tag else {})
        )
        answer = self._connection.getresponse()
        body = answer.read()
        took = (time.perf_counter() - begin) * 1000
        if answer.status not in {OK, EMPTY, NOT_MODIFIED} or bool(tag) != (answer.status == NOT_MODIFIED):
            raise RuntimeError(f"{address}: {answer.status} {body[:200]!r}")
        return took, answer.getheader("ETag", ""), body

    def drain(self, address: str, *, watch: Callable[[], float]) -> tuple[int, float]:
        """Bytes of a long answer, read piece by piece, and the most that ``watch`` gave meanwhile."""
        self._connection.request("GET", address, headers=self._headers)
        answer, size, most = self._connection.getresponse(), 0, watch()
        while piece := answer.read(PIECE):
            size, most = size + len(piece), max(most, watch())
        if answer.status != OK:
            raise RuntimeError(f"{address}: {answer.status}")
        return size, most
