"""How pytest-xdist spreads the suite: whole files, the long ones first.

``make test`` starts one worker for each core, at most four; with ARGS it runs in one process unless they say
``-n``.
"""

from __future__ import annotations

import argparse
import os
from typing import Any

import pytest

MOST_WORKERS = 4
# Begun first, the longest first, so that no worker is left alone with one of them at the end.
LONG = (
    "tests/exits/test_every_exit.py",
    "tests/benchmarks/test_every_benchmark.py",
    "the live stack",
    "tests/hostile/test_oracle.py",
    "tests/exits/test_oracles.py",
    "tests/contract/test_every_operation.py",
    "tests/audit/test_requests.py",
    "tests/analytics/test_engines.py",
    "tests/archive/test_drill.py",
    "tests/faults/test_broker.py",
    "tests/faults/test_kill.py",
    "tests/training/test_crash.py",
    "tests/hostile/test_doors.py",
    "tests/hostile/test_strangers.py",
    "tests/portal/test_protection_browser.py",
    "tests/portal/test_browser.py",
    "tests/sensing/test_gateway.py",
    "tests/sensing/test_mqtt.py",
    "tests/archive/test_whole.py",
    "tests/faults/test_edge.py",
)
# Files that start the same large thing share one worker, which starts it once.
TOGETHER = {
    "the live stack": (
        "tests/e2e/test_a_day.py",
        "tests/e2e/test_frame.py",
        "tests/e2e/test_map.py",
        "tests/e2e/test_readme.py",
        "tests/catalogue/test_walk.py",
        "tests/local/test_whole.py",
        "tests/portal/test_two_languages.py",
        "tests/architecture/test_documents.py",
        "tests/exits/test_markup.py",
    ),
    "the web process of tests/live": ("tests/live/test_policy.py", "tests/live/test_socket.py"),
}
UNIT = {file: name for name, files in TOGETHER.items() for file in files}


def hands_out_tests(options: argparse.Namespace) -> bool:
    """Whether this process gives its tests to workers, and so runs none itself."""
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    return bool(getattr(options, "numprocesses", 0)) and not is_worker and not options.usepdb


def unit_of(nodeid: str) -> str:
    """What is run by one worker in one go: a file, or the files that share something large."""
    file = nodeid.partition("::")[0]
    return UNIT.get(file, file)


def rank(nodeid: str) -> int:
    """The place of a test's unit in the order of work."""
    unit = unit_of(nodeid)
    return LONG.index(unit) if unit in LONG else len(LONG)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One worker for each core that this process may use."""
    return min(len(os.sched_getaffinity(0)), MOST_WORKERS)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Units in the order of the collection, which ``pytest_collection_modifyitems`` has put right."""
    from xdist.scheduler import LoadScopeScheduling  # only a process that hands out tests has it

    class Units(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return unit_of(nodeid)

    config.option.loadscopereorder = False
    return Units(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A worker begins with the longest; alone, a process keeps the order of pytest-django."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: rank(item.nodeid))
