"""The tests that look at the clock, on the days and at the hours on which such tests break.

``make test-dates`` runs the tests marked ``calendar`` on each of ``MOMENTS``: pytest and all that it starts
(PostgreSQL, Redis, workers, Chromium) live by a clock that ``clock.c`` has moved. It needs a C compiler.
libfaketime would spare us the C, but 0.9.10 (Debian 12) ends Python's ``time.sleep`` with EINVAL when it
leaves the monotonic clock alone, and hangs ``Event.wait`` when it does not.
``make test-dates ARGS="--at 2028-02-29T23:58+08:00 tests/catalogue"`` runs some tests at another moment, and
``ARGS="-m ''"`` the whole suite at each.

As a pytest plugin this file marks every test whose module reads the clock, or imports a helper of the tests
that does, so that no list has to be kept; a test of code that looks at the calendar is marked by hand.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
# Each moment with its own time zone of the machine; the city's clock is Shanghai's in all of them.
MOMENTS = {
    "2026-11-30T07:45+08:00": "Asia/Shanghai",  # a Monday, in the rush hour; the last day of a month
    "2026-11-28T12:00+08:00": "UTC",  # a Saturday
    "2026-11-29T03:00+08:00": "Asia/Shanghai",  # a Sunday: still Saturday in UTC
    "2026-12-31T23:58+08:00": "Asia/Shanghai",  # over midnight into a new year
    "2026-12-31T23:58+00:00": "UTC",  # the same by the other clock, on which partitions are cut
    "2027-01-01T00:00:05+08:00": "UTC",
    "2027-02-28T23:58+00:00": "UTC",
    "2028-02-28T23:58+08:00": "Asia/Shanghai",
    "2028-02-29T00:00:05+00:00": "Asia/Shanghai",
    "2028-02-29T23:58+00:00": "UTC",
}
CLOCKS = re.compile(
    r"timezone\.(now|localtime|localdate)|\.today\(|datetime\.now|\btime\.time\(|\bnow\(\)|CURRENT_"
    r"|live_stack|durable_stack|celery_worker|seed_demo|backfill|calendar_seed|expir|retention|age_band|ahead\("
)
HELPERS = re.compile(r"^from (tests(?:\.\w+)*) import ([\w, ]+)", re.MULTILINE)


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Mark the tests of modules that look at the clock."""
    for item in items:
        if reads_clock(item.path):
            item.add_marker(pytest.mark.calendar)


@cache
def reads_clock(path: Path) -> bool:
    """Whether a file of the tests reads the clock, by itself or by a helper that it imports."""
    source = path.read_text(encoding="utf-8")
    if CLOCKS.search(source):
        return True
    names: set[str] = set()
    for module, words in HELPERS.findall(source):
        names |= {module, *(f"{module}.{word}" for word in words.split(", "))}
    names -= {"tests.stack", "tests.services"}
    helpers = [HERE.parent / f"{name.replace('.', '/')}.py" for name in names]
    return any(reads_clock(helper) for helper in helpers if helper.exists() and helper != path)


def clock_build(folder: Path) -> Path:
    """The library that moves the clock; exits with what to install when there is no compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        sys.exit("make test-dates needs a C compiler: apt-get install gcc libc6-dev")
    library = folder / "clock.so"
    subprocess.run(
        [compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(HERE / "clock.c")], check=True
    )
    return library


def run_at(moment: str, zone: str, library: Path, arguments: Sequence[str]) -> int:
    """pytest with every clock at ``moment``; its exit status."""
    ahead = datetime.fromisoformat(moment).timestamp() - time.time()
    environment = os.environ | {
        "LD_PRELOAD": str(library),
        "CLOCK_SHIFT": str(round(ahead)),
        "TZ": zone,
    }
    command = [sys.executable, "-m", "pytest", "-m", "calendar", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, env=environment, check=False).returncode


def main() -> None:
    """Run the calendar tests at each moment; exits with 1 when any failed."""
    parser = argparse.ArgumentParser(description="The tests that look at the clock, at awkward moments.")
    parser.add_argument("--at", action="append", help="A moment with its offset; may be given again.")
    options, arguments = parser.parse_known_args()
    moments = dict.fromkeys(options.at, "UTC") if options.at else MOMENTS
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        library = clock_build(Path(folder))
        for moment, zone in moments.items():
            begin = time.monotonic()
            good = run_at(moment, zone, library, arguments) == 0
            failed += [] if good else [moment]
            word, seconds = "ok    " if good else "FAILED", time.monotonic() - begin
            sys.stdout.write(f"{word}  {moment}  {zone}  {seconds:.0f} s\n")
            sys.stdout.flush()
    if failed:
        sys.exit(f"failed at: {', '.join(failed)}")


if __name__ == "__main__":
    main()
