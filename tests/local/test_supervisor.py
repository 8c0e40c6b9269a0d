"""The supervisor: one that crashes comes back, and nothing outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cityplatform.local.errors import LocalError
from cityplatform.local.leftovers import MARK, leftovers_end
from cityplatform.local.lock import holder_of, only_one

SUPERVISE = """
import os, sys
from pathlib import Path
from cityplatform.local.supervisor import supervise
folder = Path(sys.argv[1])
script = f"sh -c 'echo $$ >>{folder}/pids; exec sleep 60'"
sys.exit(supervise({"sleeper": script}, environment=dict(os.environ), root=folder, when_started=lambda: None))
"""


def supervisor_start(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", SUPERVISE, str(folder)], stdout=subprocess.DEVNULL, start_new_session=True
    )


def pids(folder: Path) -> list[int]:
    path = folder / "pids"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def eventually(true: Callable[[], object], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.05)
    return bool(true())


def is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_process_that_ends_is_started_again_and_sigterm_ends_all(tmp_path, number):
    supervisor = supervisor_start(tmp_path)
    assert eventually(lambda: len(pids(tmp_path)) == 1)
    os.kill(pids(tmp_path)[0], number)
    assert eventually(lambda: len(pids(tmp_path)) == 2)
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(20) == 128 + signal.SIGTERM
    assert eventually(lambda: all(map(is_gone, pids(tmp_path))))


def test_kill_9_of_the_supervisor_ends_its_processes(tmp_path):
    supervisor = supervisor_start(tmp_path)
    assert eventually(lambda: pids(tmp_path))
    supervisor.kill()
    supervisor.wait()
    assert eventually(lambda: is_gone(pids(tmp_path)[0]))


def test_marked_processes_are_ended_and_others_are_left(tmp_path):
    ours = subprocess.Popen(["sleep", "60"], env={MARK: str(tmp_path)})
    other = subprocess.Popen(["sleep", "60"], env={MARK: str(tmp_path / "other")}, cwd=tmp_path)
    assert leftovers_end(tmp_path) == 1
    assert ours.wait(5) == -signal.SIGTERM
    assert other.poll() is None
    other.kill()
    other.wait()


def test_a_second_start_in_the_same_folder_names_the_first(tmp_path):
    script = "import sys; from pathlib import Path; from cityplatform.local.lock import only_one\n"
    script += "with only_one(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    first = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert first.stdout is not None
    assert first.stdout.readline() == b"held\n"
    assert holder_of(tmp_path) == first.pid
    with pytest.raises(LocalError, match=f"process {first.pid}"), only_one(tmp_path):
        pass
    first.kill()
    first.communicate()
    assert holder_of(tmp_path) is None
