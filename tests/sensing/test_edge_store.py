"""What waits at the edge: kept over a restart, thinned when room is short, never taken by two."""

from __future__ import annotations

import sqlite3
import subprocess
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from apps.sensing.data import Batch
from apps.sensing.edge.config import StoreConfig
from apps.sensing.edge.packing import Waiting, waiting_pack, waiting_unpack
from apps.sensing.edge.room import Room
from apps.sensing.edge.store import FullError, Store
from apps.sensing.edge.thinning import store_thin
from tests.sensing.edge import Device, Running, agent_running, line

SECOND, STATES = 1_000_000, {"position": b"7"}


def waiting(rows: int, *, start: int = 0, streams: int = 4, flagged: int = 0) -> Waiting:
    number = np.arange(rows)
    noise = np.random.default_rng(start).normal(size=rows)
    batch = Batch(number % streams, (start + number // streams) * SECOND, noise)
    return Waiting(batch, number < flagged)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "store.db", most_bytes=4 << 20)
    yield opened
    opened.close()


def test_readings_come_back_as_they_were() -> None:
    before = waiting(1000, flagged=10)
    after = waiting_unpack(waiting_pack(before))
    assert after.batch.times.tolist() == before.batch.times.tolist()
    assert after.batch.results.tolist() == before.batch.results.tolist()
    assert after.batch.streams.tolist() == before.batch.streams.tolist()
    assert after.flagged.sum() == 10


def test_a_store_that_is_opened_again_knows_everything(tmp_path: Path) -> None:
    first = Store(tmp_path / "a.db", most_bytes=4 << 20)
    first.take(waiting(100), streams=[(0, "a"), (1, "b")], states=STATES)
    first.close()
    second = Store(tmp_path / "a.db", most_bytes=4 << 20)
    assert (second.backlog, second.streams(), second.state("position")) == (100, ["a", "b"], b"7")
    assert len(second.oldest(rows=1)[0].waiting) == 100
    second.close()


def test_only_one_agent_may_have_a_store(store: Store) -> None:
    with pytest.raises(BlockingIOError):
        Store(store.path, most_bytes=4 << 20)


def test_a_damaged_store_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"this is no database, whatever it is called" * 100)
    store = Store(tmp_path / "a.db", most_bytes=4 << 20)
    store.take(waiting(4), states=STATES)
    store.close()
    assert len(list(tmp_path.glob("a.db.damaged-*"))) == 1


def test_a_full_store_refuses_the_whole_batch_and_goes_on_after_thinning(store: Store) -> None:
    batches = (waiting(4000, start=number * 1000) for number in range(10_000))
    with pytest.raises(FullError):
        list(map(partial(store.take, states=STATES), batches))
    assert store.backlog == 4000 * len(store.oldest(rows=10**9)) > 0
    assert store_thin(store) > 0
    assert store_thin(store) > 0
    store.take(waiting(4000), states=STATES)


def test_thinning_takes_old_readings_first_and_none_that_broke_a_rule(store: Store) -> None:
    for number in range(20):
        store.take(waiting(4000, start=number * 1000, flagged=100), states=STATES)
    given_up = store_thin(store)
    entries = store.oldest(rows=10**6)
    assert store.backlog == 80_000 - given_up == sum(len(entry.waiting) for entry in entries)
    assert [entry.level for entry in entries] == [1] + [0] * 10
    assert sum(int(entry.waiting.flagged.sum()) for entry in entries) == 2000
    assert entries[0].waiting.batch.times.min() // SECOND <= 25
    assert all((np.diff(entry.waiting.batch.streams) >= 0).all() for entry in entries[:1])


def test_what_is_on_its_way_is_not_thinned(store: Store) -> None:
    store.take(waiting(4000), states=STATES)
    leased = store.lease(rows=10)
    assert store_thin(store) == 0
    store.forwarded(leased)
    assert store.backlog == 0


def test_everything_goes_in_the_end_when_nothing_else_helps(store: Store) -> None:
    for number in range(3):
        store.take(waiting(400, start=number * 1000), states=STATES)
    turns = 0
    while store.backlog:
        assert turns < 100
        store_thin(store)
        turns += 1


def test_a_room_of_stop_gives_nothing_up(store: Store) -> None:
    room = Room(store, StoreConfig(path=str(store.path), most_mb=4, free_mb=0, when_full="stop"))
    number = 0
    while room.make():
        store.take(waiting(4000, start=number * 1000), states=STATES)
        number += 1
    assert store.backlog == number * 4000 > 0
    assert room.given_up == 0


def test_a_disk_that_others_fill_stops_the_growth(store: Store) -> None:
    room = Room(store, StoreConfig(path=str(store.path), free_mb=1e9))
    assert not room.make()
    store.take(waiting(400), states=STATES)


def many(rows: int) -> list[bytes]:
    noise = np.random.default_rng(1).normal(size=rows).tolist()
    return [line(f"s{number % 10}", number // 10, value) for number, value in enumerate(noise)]


def thinned(agent: Running, lines: list[bytes]) -> None:
    """Send everything; it is confirmed, something old was given up, and the agent lives."""
    device = Device(agent.folder / "socket")
    for start in range(0, len(lines), 20_000):
        device.send(lines[start : start + 20_000], seconds=10)
    status = agent.until(lambda found: found["lines"] >= len(lines) and found["given_up"] > 0)
    assert status["taken"] == len(lines)
    assert agent.process.poll() is None


def test_an_agent_at_its_limit_keeps_taking_new_readings(tmp_path: Path) -> None:
    lines = many(300_000)
    with agent_running(tmp_path, store=f'path = "{tmp_path}/store.db"\nfree_mb = 0\nmost_mb = 2') as agent:
        thinned(agent, lines)
    store = sqlite3.connect(tmp_path / "store.db")
    newest = store.execute("SELECT body FROM batch ORDER BY id DESC LIMIT 1").fetchone()[0]
    store.close()
    assert waiting_unpack(newest).batch.times.max() == (1_790_000_000 + 29_999) * SECOND


def test_an_agent_on_a_full_disk_keeps_taking_new_readings(tmp_path: Path) -> None:
    """A disk of 6 MB of its own in a name space of its own, where the system allows one."""
    (tmp_path / "disk").mkdir()
    mount = f"mount -t tmpfs -o size=6m none {tmp_path}/disk"
    if subprocess.run(["unshare", "-rm", "sh", "-c", mount], capture_output=True, check=False).returncode:
        pytest.skip("the system allows no disk of our own")
    disk = ["unshare", "-rm", "sh", "-c", mount + ' && exec "$0" "$@"']
    store = f'path = "{tmp_path}/disk/store.db"\nfree_mb = 0'
    with agent_running(tmp_path, before=disk, store=store) as agent:
        thinned(agent, many(600_000))


def test_an_agent_that_may_not_thin_says_that_it_is_full_and_confirms_nothing(tmp_path: Path) -> None:
    body = f'path = "{tmp_path}/store.db"\nfree_mb = 1e9\nwhen_full = "stop"'
    with agent_running(tmp_path, store=body) as agent:
        status = agent.until(lambda found: found["state"] == "full")
        device = Device(tmp_path / "socket")
        with pytest.raises(AssertionError, match="confirm"):
            device.send([line("a", 0)], seconds=0.3)
        device.close()
        assert status["taken"] == 0
        time.sleep(0.2)
        assert agent.process.poll() is None
