"""kill -9 of agent and gateway while a device sends: what the agent confirmed is in the table, once."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.faults.bare import Bare, bare_running
from tests.sensing.edge import START_MS, Device, Running, agent_running, line

ROWS, BATCHES = 200, 30
TABLE = """
    SELECT s.key, extract(epoch FROM o.phenomenon_time), o.result
      FROM sensing_observation o JOIN sensing_datastream s ON s.id = o.datastream_id
"""
PLAIN, AVERAGED = 8, 2  # streams that are kept whole, streams of which means are sent


@dataclass
class Outcome:
    """What the device heard, what is in the table, and the agent's last words."""

    bare: Bare
    confirmed: list[bytes]
    status: dict[str, object]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    """One run: a device sends, agent and gateway are killed in turn, then everything calms down."""
    folder = tmp_path_factory.mktemp("edge")
    with bare_running("edge", streams=PLAIN + AVERAGED) as bare:
        bare.stack.start("gateway")
        rules = "".join(
            f'[[rule]]\nmatch = "{key}"\nkeep = "mean"\nevery = 10\n' for key in bare.streams[PLAIN:]
        )
        gateway = f'url = "http://127.0.0.1:{bare.stack.site.ports.gateway}"\nlongest_pause = 0.5'
        with agent_running(folder, key=bare.key, gateway=gateway, more=rules) as agent:
            device = Device(folder / "socket")
            sender = threading.Thread(target=send_all, args=(device, bare.streams), daemon=True)
            sender.start()
            kill_in_turn(agent, bare, sender)
            sender.join(60)
            device.send([line(key, BATCHES * ROWS + 100, 1) for key in bare.streams])  # ends the windows
            status = agent.until(lambda found: found["backlog"] == 0 and found["line"] == "up", seconds=30)
            yield Outcome(bare, device.confirmed, status)


def send_all(device: Device, streams: list[str]) -> None:
    for number in range(BATCHES):
        seconds = range(number * ROWS, (number + 1) * ROWS)
        device.send(
            [line(streams[each % len(streams)], each, 400 + each % 7) for each in seconds], seconds=60
        )
        time.sleep(0.02)


def kill_in_turn(agent: Running, bare: Bare, sender: threading.Thread) -> None:
    while sender.is_alive():
        time.sleep(0.4)
        agent.kill()
        agent.start()
        time.sleep(0.6)
        bare.stack.kill("gateway")
        time.sleep(0.3)
        bare.stack.start("gateway")


def confirmed_rows(outcome: Outcome, keys: list[str]) -> set[tuple[str, int, float]]:
    rows = [json.loads(each) for each in outcome.confirmed]
    return {
        (r["datastream"], r["phenomenonTime"], float(r["result"])) for r in rows if r["datastream"] in keys
    }


def stored_rows(outcome: Outcome, keys: list[str]) -> list[tuple[str, int, float]]:
    rows = outcome.bare.stack.sql(TABLE)
    return [(key, round(float(seconds) * 1000), value) for key, seconds, value in rows if key in keys]


def test_every_confirmed_line_is_stored_once(outcome: Outcome) -> None:
    keys = outcome.bare.streams[:PLAIN]
    stored, confirmed = stored_rows(outcome, keys), confirmed_rows(outcome, keys)
    assert len(stored) == len(set(stored))
    assert set(stored) == confirmed
    assert len(confirmed) > BATCHES * ROWS * PLAIN / (PLAIN + AVERAGED)


def test_means_are_those_of_the_confirmed_lines(outcome: Outcome) -> None:
    """Lines that were sent again pass as they are; the mean of a window counts each line once."""
    keys = outcome.bare.streams[PLAIN:]
    windows: dict[tuple[str, int], list[float]] = {}
    for key, moment, value in confirmed_rows(outcome, keys):
        windows.setdefault((key, moment // 10_000 * 10_000), []).append(value)
    expected = {(key, start): sum(values) / len(values) for (key, start), values in windows.items()}
    last = START_MS + BATCHES * ROWS * 1000
    stored = {(key, moment): value for key, moment, value in stored_rows(outcome, keys)}
    assert all(
        stored.get(place) == pytest.approx(mean) for place, mean in expected.items() if place[1] < last
    )


def test_the_agent_came_back_each_time(outcome: Outcome) -> None:
    assert outcome.status["state"] == "running"
    assert outcome.status["given_up"] == 0
