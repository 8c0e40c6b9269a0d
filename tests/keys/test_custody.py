"""Root keys: kept by a file or by a service, derived for each use."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.core.keys import KeyRefusedError, custody, data_key, mac_key
from apps.core.keys.custody import Custody
from apps.core.keys.files import FileCustody, key_file_add, key_file_make
from apps.core.keys.service import ServiceCustody


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "keys"
    assert key_file_make(path)
    key_file_add(path)
    return path


@pytest.fixture
def served(key_file: Path, tmp_path: Path) -> Iterator[str]:
    yield from serving(key_file, tmp_path / "socket", os.getuid())


def serving(file: Path, path: Path, account: int) -> Iterator[str]:
    command = [sys.executable, "-m", "apps.core.keys.serving", "--file", str(file), "--socket", str(path)]
    with subprocess.Popen([*command, "--uid", str(account)]) as process:
        until = time.monotonic() + 20
        while not path.is_socket() and time.monotonic() < until:
            time.sleep(0.02)
        yield str(path)
        process.kill()


def both(file: Path, path: str) -> list[Custody]:
    return [FileCustody(file), ServiceCustody(path)]


def test_a_file_and_a_service_give_the_same_keys(key_file: Path, served: str) -> None:
    file, service = both(key_file, served)
    assert file.versions() == service.versions() == (1, 2)
    assert file.active() == service.active() == 2
    assert file.key(1) == service.key(1) != service.key(2) == file.key(2)


def test_a_missing_version_is_refused_by_number_and_place(key_file: Path, served: str) -> None:
    for keeper in both(key_file, served):
        with pytest.raises(KeyRefusedError, match=rf"Version 7 .*{key_file}"):
            keeper.key(7)


def test_the_service_gives_no_key_to_another_account(key_file: Path, tmp_path: Path) -> None:
    for path in serving(key_file, tmp_path / "other", os.getuid() + 1):
        with pytest.raises(KeyRefusedError, match=r"may not have keys"):
            ServiceCustody(path).key(1)


def test_a_service_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyRefusedError, match=rf"{tmp_path}/none does not answer.*KEY_SERVICE"):
        ServiceCustody(f"{tmp_path}/none").active()


def test_a_version_that_another_process_adds_is_found(key_file: Path) -> None:
    keeper = FileCustody(key_file)
    assert keeper.active() == 2
    key_file_add(key_file)
    assert keeper.key(3)
    assert keeper.active() == 3


@pytest.mark.parametrize("text", ["", "1 00", "x " + "0" * 64, f"1 {'0' * 64}\n1 {'1' * 64}", "1 2 3"])
def test_a_broken_file_is_refused_with_the_way_out(key_file: Path, text: str) -> None:
    key_file.write_text(text)
    with pytest.raises(KeyRefusedError, match=r"put the file back|Put the file back"):
        FileCustody(key_file).active()


def test_a_file_that_others_can_read_is_refused(key_file: Path) -> None:
    key_file.chmod(0o644)
    with pytest.raises(KeyRefusedError, match=r"chmod 600"):
        FileCustody(key_file).active()


def test_a_first_key_is_never_written_over(key_file: Path) -> None:
    before = key_file.read_bytes()
    assert not key_file_make(key_file)
    assert (key_file.read_bytes(), key_file.stat().st_mode & 0o777) == (before, 0o600)


def test_keys_for_two_uses_and_two_kinds_differ() -> None:
    version = custody().active()
    keys = {mac_key("pseudonym"), mac_key("audit-anchor"), data_key(custody().key(version), use="pseudonym")}
    assert {len(key) for key in keys} == {32}
    assert len(keys) == 3
