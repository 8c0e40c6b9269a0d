"""1000 readings a second to up to 1000 clients: share delivered, latency of every reading, CPU of the server.

One web process, real sockets. The reference is the usual way with Channels: every client in a group, and
``group_send`` with the same frames on the same machine, in the same run. ARGS="100 1000" names the clients.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
import time
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec
import numpy as np
import orjson
import redis
import uvloop
from numpy.typing import NDArray

from benchmarks.figures import Figure
from benchmarks.sizes import size
from benchmarks.sockets import Socket, sockets_open
from tests.faults.bare import Bare, bare_running

RATE, SECONDS, WARM_SECONDS, DRAIN_SECONDS = size((1000, 10.0, 2.0, 2.0), (100, 1.0, 0.5, 0.5))
BURST = 0.01  # seconds between two wake-ups of the producer
CLIENTS = size((100, 500, 1000), (5,))
SHARE_GOAL, P99_GOAL_MS, CPU_GOAL = 1.0, 250.0, 0.5
OPEN_FILES = 8192
TICKS = os.sysconf("SC_CLK_TCK")
SPAWN = get_context("spawn")
SEED = "import json; from benchmarks.map_seeding import roads_seed; print(json.dumps(roads_seed({count})))"


@dataclass(frozen=True, slots=True)
class Result:
    """One run: share of all readings that reached all clients, latency in ms, CPU in cores."""

    share: float
    p50: float
    p99: float
    cpu: float


def produce(url: str, streams: list[int], line: Connection) -> None:
    """Announce readings at the rate; the value of each is the moment of its announcement.

    Says when it could begin, hears from when to when is measured, and says how many it announced then. What
    must arrive is counted, not worked out from the rate: a burst beside a limit makes that wrong by a few.
    """
    line.send(None)
    (begin, end), warm, announced = line.recv(), time.time(), 0
    with redis.Redis.from_url(url) as connection:
        sent = 0
        while (now := time.time()) < end:
            due = int((now - warm) * RATE)
            with connection.pipeline(transaction=False) as pipe:
                for number in range(sent, due):
                    row = {
                        "d": [streams[number % len(streams)]],
                        "t": [int(now * 1000)],
                        "v": [now],
                        "q": [0],
                    }
                    pipe.publish("sensing.readings", msgspec.msgpack.encode(row))
                pipe.execute()
            announced += due - sent if now >= begin else 0
            sent = due
            time.sleep(BURST)
    line.send(announced)


async def run(port: int, pid: int, count: int, *, bare: Bare, streams: list[int], key: str) -> Result:
    """Open the clients, let the readings flow, judge what came within the measured time."""
    frames: dict[int, bytes] = {}
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    first = '{"subscribe":["city.roads"]}' if key else ""
    sockets = await sockets_open(port, "/ws/live/", count=count, headers=headers, first=first, frames=frames)
    await asyncio.sleep(WARM_SECONDS)
    line, theirs = SPAWN.Pipe()
    arguments = (bare.stack.environment["REDIS_URL"], streams, theirs)
    producer = SPAWN.Process(target=produce, args=arguments)
    producer.start()
    await asyncio.to_thread(line.recv)
    begin = time.time() + WARM_SECONDS
    end = begin + SECONDS
    line.send((begin, end))
    await asyncio.sleep(begin - time.time())
    used = cpu_seconds(pid)
    await asyncio.sleep(end - time.time())
    used = cpu_seconds(pid) - used
    await asyncio.sleep(DRAIN_SECONDS)
    producer.join()
    for socket in sockets:
        socket.transport.close()
    return judged(sockets, frames, begin, line.recv(), cpu=used / SECONDS)


def judged(
    sockets: list[Socket], frames: dict[int, bytes], begin: float, announced: int, *, cpu: float
) -> Result:
    """Latency of every reading at every client, and the share that came at all."""
    made = {number: _moments(payload, begin) for number, payload in frames.items()}
    delays = [arrived - made[number] for socket in sockets for number, arrived in socket.arrivals.items()]
    every = np.concatenate(delays) * 1000 if delays else np.array([np.nan])
    share = sum(map(len, delays)) / (announced * len(sockets))
    p50, p99 = np.percentile(every, (50, 99))
    return Result(share, float(p50), float(p99), cpu)


def _moments(payload: bytes, begin: float) -> NDArray[np.float64]:
    """When the readings of a frame were announced, of those within the measured time."""
    moments = np.array([row[2] for row in orjson.loads(payload)["values"]], np.float64)
    return moments[moments >= begin]


def children() -> set[int]:
    """The processes that this one has started."""
    return {int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split()}


def cpu_seconds(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def figures_show(count: int, ours: Result, peer: Result) -> None:
    """The figures of one number of clients."""
    name = f"{count} clients"
    Figure("live", f"share delivered, {name}", ours.share, "share", goal=SHARE_GOAL).show()
    Figure("live", f"latency p50, {name}", ours.p50, "ms").show()
    Figure("live", f"latency p99, {name}", ours.p99, "ms", goal=P99_GOAL_MS, at_most=True).show()
    Figure("live", f"CPU of the server, {name}", ours.cpu, "cores", goal=CPU_GOAL, at_most=True).show()
    Figure("live", f"share beside group_send, {name}", ours.share, "share", peer.share, SHARE_GOAL).show()
    Figure("live", f"p99 beside group_send, {name}", ours.p99, "ms", peer.p99, 1.0, at_most=True).show()
    Figure("live", f"CPU beside group_send, {name}", ours.cpu, "cores", peer.cpu).show()


def main() -> None:
    """Measure each number of clients, ours and the reference in turn."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(OPEN_FILES, hard), hard))
    with bare_running("bench-fanout", streams=1) as bare:
        made = json.loads(bare.stack.manage("shell", "--verbosity", "0", "-c", SEED.format(count=RATE)))
        bare.stack.start("web")
        port, pid = bare.stack.site.ports.web, bare.stack.processes["web"].pid
        for count in [int(text) for text in sys.argv[1:]] or CLIENTS:
            ours = uvloop.run(run(port, pid, count, bare=bare, streams=made["streams"], key=made["key"]))
            known = children()
            with bare.serving("benchmarks.live_peer:application") as peer_port:
                (peer_pid,) = children() - known
                peer = uvloop.run(run(peer_port, peer_pid, count, bare=bare, streams=made["streams"], key=""))
            figures_show(count, ours, peer)


if __name__ == "__main__":
    main()
