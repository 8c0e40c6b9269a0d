"""The edge agent on one core: readings a second that it takes to disk and forwards, and its peak memory.

A device writes lines of JSON to the agent's socket as fast as they are confirmed. The agent runs on one
core, judges every reading by five rules, and keeps each batch by a commit that reaches the disk; forwarding
goes to a real gateway on the other cores. With the line down the same lines are only taken.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure
from benchmarks.sizes import size
from tests.faults.bare import Bare, bare_running
from tests.sensing.edge import Device, Running, agent_running

STREAMS, SECONDS_A_BATCH, BATCHES = size((200, 50, 60), (5, 10, 2))  # 600 000 readings
ROWS = STREAMS * SECONDS_A_BATCH
GOAL_RATE, GOAL_MB = 20_000, 100
FIRST_MS = 1_790_000_000_000
LIMITS = "low = 0\nhigh = 5000\nmax_step = 2000\nstuck_after = 3600\nmax_age = 600"


def batch(streams: list[str], number: int) -> list[bytes]:
    """Lines of ``SECONDS_A_BATCH`` seconds, one reading a second of each stream."""
    start = number * SECONDS_A_BATCH
    return [
        json.dumps(
            {
                "datastream": stream,
                "phenomenonTime": FIRST_MS + (start + second) * 1000,
                "result": 400 + (start * 7 + second * 13 + place) % 1000 / 10,
            }
        ).encode()
        for second in range(SECONDS_A_BATCH)
        for place, stream in enumerate(streams)
    ]


def send(agent: Running, batches: list[list[bytes]], *, until_sent: bool) -> tuple[float, dict[str, Any]]:
    """Readings a second, and the agent's last status."""
    agent.until(lambda status: status["state"] == "running")
    device, begin = Device(agent.folder / "socket"), time.perf_counter()
    for lines in batches:
        device.send(lines, seconds=60)
    total = sum(map(len, batches))
    if until_sent:
        agent.until(lambda status: status["lines"] == total and status["backlog"] == 0, seconds=300)
    seconds = time.perf_counter() - begin
    return total / seconds, agent.until(lambda status: status["lines"] == total)


def measured(bare: Bare, name: str, *, rule: str, url: str, first: int) -> None:
    """Run one agent and print its figures; ``first`` numbers its readings so that none was sent before."""
    batches = [batch(bare.streams, first * BATCHES + number) for number in range(BATCHES)]
    until_sent = not url.endswith(":9")
    with tempfile.TemporaryDirectory() as folder:
        more = f'[[rule]]\nmatch = "*"\n{LIMITS}\n{rule}'
        gateway = f'url = "{url}"\nlongest_pause = 1.0'
        one_core = ["taskset", "-c", "0"]
        with agent_running(Path(folder), key=bare.key, before=one_core, gateway=gateway, more=more) as agent:
            rate, status = send(agent, batches, until_sent=until_sent)
    Figure("edge", f"{name}, one core", rate, "readings/s", goal=GOAL_RATE).show()
    Figure("edge", f"{name}, peak memory", status["peak_rss_mb"], "MB", goal=GOAL_MB, at_most=True).show()
    if until_sent:
        missing = status["taken"] - status["forwarded"]
        Figure("edge", f"{name}, not stored", missing, "readings", goal=0, at_most=True).show()


def main() -> None:
    """Measure, print, clean up."""
    with bare_running("bench-edge", streams=STREAMS) as bare:
        bare.stack.start("gateway")
        gateway = f"http://127.0.0.1:{bare.stack.site.ports.gateway}"
        measured(bare, "taken and forwarded", rule="", url=gateway, first=0)
        averaged = 'keep = "mean"\nevery = 10'
        measured(bare, "averaged over 10 s and forwarded", rule=averaged, url=gateway, first=1)
        measured(bare, "taken with the line down", rule="", url="http://127.0.0.1:9", first=2)


if __name__ == "__main__":
    main()
