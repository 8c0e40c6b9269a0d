"""What the agent makes of a gateway's answers: sent again, cut in halves, set aside, or forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apps.sensing.data import Batch
from apps.sensing.edge.config import GatewayConfig
from apps.sensing.edge.forwarding import Forwarder
from apps.sensing.edge.packing import Waiting
from apps.sensing.edge.status import Status
from apps.sensing.edge.store import Store
from tests.pulls.servers import Site, site_open

DOOR = "/v1/observations"
TAKEN = (201, {}, b'{"stored": 3, "repeated": 1, "quarantined": 0, "faults": []}')


@pytest.fixture
def site() -> Iterator[Site]:
    with site_open() as opened:
        yield opened


@pytest.fixture
def forwarder(tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Forwarder]:
    """A forwarder with two batches of two readings."""
    monkeypatch.setenv("EDGE_KEY", "word")
    store = Store(tmp_path / "store.db", most_bytes=4 << 20)
    for start in (0, 10):
        times = np.array([start, start + 1], np.int64) * 1_000_000
        batch = Batch(np.array([0, 1]), times, np.array([1.5, 2.0]))
        store.take(Waiting(batch, np.zeros(2, bool)), states={})
    made = Forwarder(store, GatewayConfig(url=site.url("")), keys=["a", "b"], status=Status())
    yield made
    made._gateway.close()
    store.close()


def test_what_is_acknowledged_is_forgotten(site: Site, forwarder: Forwarder) -> None:
    site.pages[DOOR] = TAKEN
    assert forwarder.send_some() == 0
    assert (forwarder._store.backlog, forwarder._store.oldest(rows=9)) == (0, [])
    assert (forwarder._status.forwarded, forwarder._status.repeated) == (3, 1)
    path, headers = site.asked[0]
    assert (path, headers["authorization"]) == (DOOR, "Bearer word")


def test_the_body_holds_the_readings_as_columns_in_order(site: Site, forwarder: Forwarder) -> None:
    body = json.loads(forwarder._body(forwarder._store.oldest(rows=99)))
    assert body == {
        "datastream": ["a", "b", "a", "b"],
        "phenomenonTime": [0, 1000, 10_000, 11_000],
        "result": [1.5, 2.0, 1.5, 2.0],
    }
    fine = Batch(np.array([0]), np.array([1_500]), np.array([1.0]))
    forwarder._store.take(Waiting(fine, np.zeros(1, bool)), states={})
    late = json.loads(forwarder._body(forwarder._store.oldest(rows=9, after=2)))
    assert late["phenomenonTime"] == ["1970-01-01T00:00:00.001500Z"]


@pytest.mark.parametrize(
    ("page", "line"),
    [
        ((503, {}, b"later"), "line down"),
        ((500, {}, b""), "line down"),
        ((401, {}, b""), "denied"),
        ((404, {}, b""), "denied"),
    ],
)
def test_what_is_not_acknowledged_is_kept_and_pauses_grow(
    site: Site, forwarder: Forwarder, page: Any, line: str
) -> None:
    site.pages[DOOR] = page
    pauses = [forwarder.send_some() for _turn in range(3)]
    assert pauses[0] < pauses[1] < pauses[2]
    assert (forwarder._store.backlog, forwarder._status.line) == (4, line)


def test_a_body_that_is_too_large_is_cut(site: Site, forwarder: Forwarder) -> None:
    site.pages[DOOR] = (413, {}, b"")
    forwarder.send_some()
    assert forwarder._rows == 5000
    assert forwarder._store.backlog == 4


def test_what_is_refused_for_ever_is_set_aside_and_does_not_block(site: Site, forwarder: Forwarder) -> None:
    site.pages[DOOR] = (400, {}, b"no such shape")
    assert forwarder.send_some() == 0
    assert (forwarder._store.backlog, forwarder._status.refused) == (0, 4)
    kept = forwarder._store._connection.execute("SELECT rows, reason FROM refused").fetchall()
    assert [row[0] for row in kept] == [2, 2]
    assert "no such shape" in kept[0][1]


def test_a_connection_that_the_gateway_closed_is_opened_again(site: Site, forwarder: Forwarder) -> None:
    site.pages[DOOR] = (201, {"Connection": "close"}, b"not json")
    forwarder._rows = 1
    assert [forwarder.send_some(), forwarder.send_some()] == [0, 0]
    assert forwarder._store.backlog == 0
