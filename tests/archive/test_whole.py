"""The commands on servers with the settings of production, by roles that may do no more than they need."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.bare import Bare, bare_running

LATE = "UPDATE sensing_thing SET name = 'after the backup'"
RIGHTS = """
    SELECT has_table_privilege(rolname, 'sensing_thing', 'SELECT'), rolsuper, rolreplication
      FROM pg_roles WHERE rolname = 'cityplatform_backup'
"""


@pytest.fixture(scope="module")
def bare() -> Iterator[Bare]:
    with bare_running("archive", streams=3) as running:
        yield running


def test_a_commit_after_the_backup_comes_back_by_the_log_that_a_process_receives(bare: Bare) -> None:
    bare.stack.start("wal")
    assert "verified" in bare.stack.manage("backup")
    bare.stack.sql(LATE)
    assert bare.stack.manage("restore_drill").startswith("passed: ")
    (differences, chain_break) = bare.stack.sql("SELECT differences, chain_break FROM archive_drillreport")[0]
    assert (differences, chain_break) == ([], None)


def test_the_role_of_the_backups_may_read_no_table(bare: Bare) -> None:
    assert bare.stack.sql(RIGHTS) == [(False, False, True)]
