"""Many websocket clients in one process: which frames came, and how old their readings were."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field

import numpy as np
import orjson
import uvloop
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from benchmarks.live import SECONDS, WARM_SECONDS
from cityplatform.local.ports import HOST

LAYER = "school.schools"
TOGETHER = 20  # connections opened at once


@dataclass
class Seen:
    """What all clients saw after the warm-up."""

    begin: float = float("inf")
    end: float = float("inf")
    numbers: set[int] = field(default_factory=set)
    received: int = 0
    delays: list[float] = field(default_factory=list)

    def frame(self, text: str | bytes) -> None:
        """Count one message if it is a frame of the measured time."""
        now = time.time()
        if not self.begin <= now <= self.end:
            return
        message = orjson.loads(text)
        if message["type"] != "frame":
            return
        self.received += 1
        self.numbers.add(message["n"])
        self.delays += [now * 1000 - row[2] for row in message["values"][:10]]


async def reader(port: int, key: str, seen: Seen, gate: asyncio.Semaphore, ready: asyncio.Event) -> None:
    """One client: subscribe, wait for the snapshot, then read."""
    headers = {"Authorization": f"Bearer {key}", "Origin": f"http://{HOST}:{port}"}
    async with gate:
        socket = await connect(
            f"ws://{HOST}:{port}/ws/live/", additional_headers=headers, compression=None, open_timeout=30
        )
        await socket.send(json.dumps({"subscribe": [LAYER]}))
        await socket.recv()
    ready.set()
    try:
        async for text in socket:
            seen.frame(text)
    except ConnectionClosed:
        return


async def main(port: int, clients: int, key: str) -> None:
    """Connect all, say so, read for a while, print what was seen."""
    seen, gate = Seen(), asyncio.Semaphore(TOGETHER)
    ready = [asyncio.Event() for _each in range(clients)]
    tasks = [asyncio.create_task(reader(port, key, seen, gate, event)) for event in ready]
    for event in ready:
        await asyncio.wait_for(event.wait(), 60)
    print("ready", flush=True)
    seen.begin = time.time() + WARM_SECONDS
    seen.end = seen.begin + SECONDS - 1
    await asyncio.sleep(WARM_SECONDS + SECONDS)
    for task in tasks:
        task.cancel()
    share = seen.received / max(len(seen.numbers) * clients, 1)
    p50, p99 = np.percentile(seen.delays or [float("inf")], [50, 99]).tolist()
    print(json.dumps({"share": share, "p50": p50, "p99": p99, "frames": seen.received}), flush=True)


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
