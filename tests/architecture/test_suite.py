"""The suite is shared out as tests/parallel.py says, and what it names is there."""

from __future__ import annotations

import re

from tests.clusters import ROOT
from tests.parallel import LONG, TOGETHER, rank, unit_of


def test_every_unit_that_is_named_is_there() -> None:
    named = {*LONG, *(file for files in TOGETHER.values() for file in files)} - TOGETHER.keys()
    assert not [file for file in named if not (ROOT / file).is_file()]


def test_files_with_the_live_stack_share_a_worker() -> None:
    users = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("test_*.py")
        if re.search(r"def \w+\([^)]*\blive_stack\b", path.read_text("utf-8"))
    }
    assert users == set(TOGETHER["the live stack"])


def test_a_long_unit_comes_before_the_others_and_a_file_stays_whole() -> None:
    assert rank("tests/exits/test_every_exit.py::test_x") < rank("tests/core/test_units.py::test_x[a]")
    assert unit_of("tests/core/test_units.py::test_x[a::b]") == "tests/core/test_units.py"
