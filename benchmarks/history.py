"""A hundred million observations: charts, lists at any depth, exports, and the memory of the web process.

A year of readings a minute apart (``ARGS=20000000`` takes fewer) in monthly partitions with their roll-ups,
made by the database. Whole requests through uvicorn with an API key, the policy kernel in force, streams at
random.
"""

from __future__ import annotations

import sys
import time
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import numpy as np

from benchmarks.figures import Figure
from benchmarks.history_seeding import READER, year_make
from benchmarks.points import Browser
from benchmarks.sizes import size
from tests.faults.bare import Bare, bare_running

ROWS, ROUNDS = size(100_000_000, 10_000), size(40, 2)
DAY, YEAR = timedelta(days=1), timedelta(days=size(365, 4))
MINUTES_A_YEAR = YEAR // timedelta(minutes=1)
EXPORTED = size(10, 2)  # streams: five million rows
MEMORY_GOAL_MB = 100.0
Address = Callable[[], str]


class Questions:
    """Addresses about random streams and days of the year that ends at ``end``."""

    def __init__(self, streams: list[int], end: datetime) -> None:
        self._streams, self._end = streams, end
        self._draw = np.random.default_rng(11)

    def chart(self, span: timedelta, **wanted: object) -> str:
        """Buckets of one stream over ``span``."""
        end = self._end - (timedelta() if span == YEAR else self._days())
        period = {"start": (end - span).isoformat(), "end": end.isoformat()}
        return f"/api/v1/sensing/buckets/{self._stream()}/?{urlencode({**period, **wanted})}"

    def page(self, depth: float) -> str:
        """A page of 100 observations after ``depth`` (0 to 1) of the year, by the API's own cursor."""
        start = self._end - YEAR
        cursor = b64encode(urlencode({"p": str(start + depth * YEAR)}).encode()).decode()
        wanted = {"datastream": self._stream(), "start": start.isoformat(), "end": self._end.isoformat()}
        return f"/api/v1/sensing/observations/?{urlencode({**wanted, 'limit': 100, 'cursor': cursor})}"

    def export(self, kind: str) -> str:
        """A year of ten streams."""
        named = ",".join(map(str, self._streams[:EXPORTED]))
        wanted = {"datastream": named, "format": kind}
        period = {"start": (self._end - YEAR).isoformat(), "end": self._end.isoformat()}
        return f"/api/v1/sensing/export/?{urlencode({**wanted, **period})}"

    def _stream(self) -> int:
        return int(self._draw.choice(self._streams))

    def _days(self) -> timedelta:
        return int(self._draw.integers(0, YEAR.days - 2)) * DAY


def question_show(browser: Browser, name: str, address: Address, goal: float) -> None:
    """Times of one kind of question; the first is not counted."""
    browser.get(address())
    times = [browser.get(address())[0] for _round in range(ROUNDS)]
    Figure("history", f"{name}, p50", float(np.percentile(times, 50)), "ms", goal=goal, at_most=True).show()
    Figure("history", f"{name}, p95", float(np.percentile(times, 95)), "ms").show()


def resident(bare: Bare) -> float:
    """Megabytes that the web process holds."""
    status = Path(f"/proc/{bare.stack.processes['web'].pid}/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1000


def exports_show(bare: Bare, browser: Browser, questions: Questions) -> None:
    """Rows a second of a large export, and how much the process grows while it runs."""
    for kind in ("csv", "parquet", "arrow"):
        began, before = time.perf_counter(), resident(bare)
        size, most = browser.drain(questions.export(kind), watch=lambda: resident(bare))
        seconds = time.perf_counter() - began
        Figure("history", f"export, {kind}", EXPORTED * MINUTES_A_YEAR / seconds, "rows/s").show()
        Figure("history", f"export, {kind}, size", size / 1e6, "MB").show()
        grown = most - before
        Figure("history", f"export, {kind}, growth", grown, "MB", goal=MEMORY_GOAL_MB, at_most=True).show()


def main() -> None:
    """Make the year, then ask."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    end = datetime.fromisoformat(f"{np.datetime64('now', 'D')}T00:00:00+00:00")
    with bare_running("bench-history", streams=max(rows // MINUTES_A_YEAR, EXPORTED)) as bare:
        streams = [key for (key,) in bare.stack.sql("SELECT id FROM sensing_datastream ORDER BY id")]
        took = year_make(bare, streams, start=end - YEAR, end=end)
        Figure("history", "observations", float(len(streams) * MINUTES_A_YEAR), "rows").show()
        Figure("history", "made in", took, "s").show()
        key = bare.stack.manage("shell", "--verbosity", "0", "-c", READER).strip()
        bare.stack.start("web")
        browser = Browser(bare.stack.site.ports.web, {"Authorization": f"Bearer {key}"})
        questions_show(bare, browser, Questions(streams, end))


def questions_show(bare: Bare, browser: Browser, questions: Questions) -> None:
    """Every figure."""
    begin = resident(bare)
    question_show(browser, "24-hour chart", lambda: questions.chart(DAY, points=2000), 50.0)
    question_show(browser, "1-year chart, buckets", lambda: questions.chart(YEAR), 200.0)
    question_show(browser, "1-year chart, LTTB", lambda: questions.chart(YEAR, method="lttb"), 200.0)
    for depth in (0.0, 0.5, 0.99):
        question_show(browser, f"list page at {depth:.0%}", partial(questions.page, depth), 50.0)
    exports_show(bare, browser, questions)
    question_show(browser, "1-year chart again", lambda: questions.chart(YEAR), 200.0)
    grown = resident(bare) - begin
    Figure("history", "growth of the web process", grown, "MB", goal=MEMORY_GOAL_MB, at_most=True).show()


if __name__ == "__main__":
    main()
