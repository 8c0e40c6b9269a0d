"""A large export leaves the running web process as small as it was, and may be broken off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pyarrow as pa
import pytest
from django.db import connection

from apps.accounts.services.keys import api_key_create
from apps.sensing.exports.streaming import SLOTS
from apps.sensing.services.partitions import partitions_ensure
from tests.people import person
from tests.sensing.builders import NOON, school_streams
from tests.stack import LiveStack

ROWS, FORMATS = 300_000, ("csv", "parquet", "arrow")
ALLOWED_KB = 40_000  # one block, its bytes and what the allocator keeps
PERIOD = {"start": "2026-11-02T00:00:00Z", "end": "2026-11-30T00:00:00Z"}
FILL = """
    INSERT INTO sensing_observation (datastream_id, phenomenon_time, result)
    SELECT %s, %s::timestamptz + n * interval '1 second', n FROM generate_series(0, %s) AS n
"""


@pytest.fixture
def export(web_url: str) -> Iterator[httpx.Client]:
    """A client whose key may read a datastream of 300,000 observations."""
    (stream,) = school_streams(1)
    partitions_ensure(start=NOON, end=NOON)
    with connection.cursor() as cursor:
        cursor.execute(FILL, (stream.pk, NOON, ROWS - 1))
    _key, text = api_key_create(
        person("ex", roles=["school-viewer"]), name="ex", domain="school", scopes=["read"]
    )
    address, wanted = f"{web_url}/api/v1/sensing/export/", PERIOD | {"datastream": str(stream.pk)}
    with httpx.Client(
        base_url=address, params=wanted, headers={"Authorization": f"Bearer {text}"}, timeout=60
    ) as client:
        yield client


def resident(process: LiveStack) -> int:
    """Kilobytes of memory that the web process holds."""
    status = Path(f"/proc/{process.processes['web'].pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


@pytest.mark.parametrize("kind", FORMATS)
def test_the_memory_stays_flat_while_an_export_runs(
    export: httpx.Client, web_process: LiveStack, kind: str
) -> None:
    export.get("", params={"format": kind, "end": "2026-11-02T13:00:00Z"})
    before, most, size = resident(web_process), 0, 0
    with export.stream("GET", "", params={"format": kind}) as answer:
        for chunk in answer.iter_bytes(1 << 20):
            size, most = size + len(chunk), max(most, resident(web_process))
    assert size > 1_000_000
    assert most - before < ALLOWED_KB


def test_every_row_arrives(export: httpx.Client) -> None:
    table = pa.ipc.open_stream(export.get("", params={"format": "arrow"}).content).read_all()
    assert (table.num_rows, table["result"].to_numpy().sum()) == (ROWS, ROWS * (ROWS - 1) / 2)


def test_an_export_that_is_broken_off_frees_its_place(export: httpx.Client) -> None:
    for _time in range(SLOTS._value + 2):
        with export.stream("GET", "", params={"format": "csv"}) as answer:
            next(answer.iter_bytes(1000))
    assert export.get("", params={"format": "csv"}).status_code == 200
