"""SensorThings: pages of 100 observations, the first and a deep one, and single observations posted.

Whole requests through uvicorn with an API key, the policy kernel in force. The peers' figures for single
posts were measured on this kind of machine with 16 connections: django-ogc-sensorthings 171/s, istSOS4 140/s.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from statistics import median
from urllib.parse import urlsplit

import numpy as np

from benchmarks.figures import Figure
from benchmarks.sizes import size
from cityplatform.local.ports import HOST
from tests.faults.bare import bare_running

ROWS, DEPTH = size((200_000, 100_000), (3000, 2000))
PAGE, STEP, ROUNDS = 100, 1000, size(60, 2)
CONNECTIONS, SECONDS = size((16, 6.0), (4, 0.5))
PEERS = {"django-ogc-sensorthings": 171.0, "istSOS4": 140.0}
SAME = 1.3
CREATED = 201
SEED = """
import numpy as np
from apps.accounts.services.keys import api_key_create
from apps.sensing.data import Batch
from apps.sensing.models import Datastream
from apps.sensing.services import readings_store
from tests.people import person
stream = Datastream.objects.get()
times = np.datetime64("2026-01-01", "us").astype(np.int64) + np.arange({rows}) * 1_000_000
readings_store(batch=Batch(np.full({rows}, stream.pk), times, 600 + np.arange({rows}) % 200 * 1.0))
user = person("bench", roles=["school-operator"])
print(stream.pk, api_key_create(user, name="bench", domain="school", scopes=["read", "ingest"])[1])
"""


@dataclass
class Client:
    """One kept connection with a key."""

    port: int
    key: str

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection(HOST, self.port, timeout=60)

    def ask(self, method: str, address: str, body: bytes | None = None) -> tuple[int, bytes, float]:
        """Status, body and milliseconds of one request."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        parts = urlsplit(address)
        begin = time.perf_counter()
        self._connection.request(method, f"{parts.path}?{parts.query}".rstrip("?"), body, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        return answer.status, text, (time.perf_counter() - begin) * 1000


def deep_link(client: Client, first: str) -> str:
    """The address of a page of ``PAGE`` behind ``DEPTH`` rows, found by following the links."""
    address = first.replace(f"top={PAGE}", f"top={STEP}")
    for _page in range(DEPTH // STEP):
        address = json.loads(client.ask("GET", address)[1])["@iot.nextLink"]
    return address.replace(f"top={STEP}", f"top={PAGE}")


def pages_measure(client: Client, stream: int) -> None:
    """The same page size at both depths, asked in turns; then the newest reading of a datastream."""
    first = f"/sta/v1.1/Datastreams({stream})/Observations?$top={PAGE}"
    newest = "/sta/v1.1/Datastreams?$expand=Observations($top=1;$orderby=phenomenonTime%20desc)"
    places = {"first": first, "deep": deep_link(client, first), "newest": newest}
    took: dict[str, list[float]] = {name: [] for name in places}
    for _round in range(ROUNDS):
        for name, address in places.items():
            took[name].append(client.ask("GET", address)[2])
    p50 = {name: median(times) for name, times in took.items()}
    Figure("sensorthings", f"page of {PAGE}, first, p50", p50["first"], "ms").show()
    Figure(
        "sensorthings",
        f"page of {PAGE} at depth {DEPTH}, p50",
        p50["deep"],
        "ms",
        p50["first"],
        SAME,
        at_most=True,
    ).show()
    Figure("sensorthings", "newest reading by $expand, p50", p50["newest"], "ms").show()
    counted = client.ask("GET", f"{first}&$count=true")
    Figure("sensorthings", "page with $count=true", counted[2], "ms").show()


def posts_measure(port: int, key: str, stream: int) -> None:
    """Single observations over kept connections, each acknowledged after its commit."""
    numbers, until = count(), time.perf_counter() + SECONDS
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        results = list(
            pool.map(lambda _each: _posts(Client(port, key), stream, numbers, until), range(CONNECTIONS))
        )
    rate = sum(good for good, _bad in results) / SECONDS
    for name, peer in PEERS.items():
        Figure("sensorthings", f"POST Observation beside {name}", rate, "req/s", peer, 1.0).show()
    refused = sum(bad for _good, bad in results)
    Figure("sensorthings", "POST Observation, refused", refused, "req", goal=0, at_most=True).show()


def _posts(client: Client, stream: int, numbers: Iterator[int], until: float) -> tuple[int, int]:
    counts = {True: 0, False: 0}
    while time.perf_counter() < until:
        number = next(numbers)
        moment = f"{np.datetime64('2026-02-01', 's') + number}Z"
        body = {"phenomenonTime": moment, "result": 700.5, "Datastream": {"@iot.id": stream}}
        status = client.ask("POST", "/sta/v1.1/Observations", json.dumps(body).encode())[0]
        counts[status == CREATED] += 1
    return counts[True], counts[False]


def main() -> None:
    """Measure, print, clean up."""
    with bare_running("bench-sensorthings", streams=1) as bare:
        seeded = bare.stack.manage("shell", "--verbosity", "0", "-c", SEED.format(rows=ROWS))
        stream, key = seeded.split()[-2:]
        bare.stack.sql("ANALYZE sensing_observation")
        bare.stack.environment["DATABASE_POOL"] = "10"
        with bare.serving("cityplatform.asgi:application") as port:
            pages_measure(Client(port, key), int(stream))
            posts_measure(port, key, int(stream))


if __name__ == "__main__":
    main()
