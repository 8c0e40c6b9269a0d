"""kill -9 of any one process under load: what was acknowledged is in the table, once, and exact.

``LOAD_SECONDS=60`` gives the long form of this test.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from tests.faults.bare import Bare, bare_running
from tests.faults.load import ROWS, Device, body_of, post
from tests.stack import LiveStack

LOAD_SECONDS = float(os.environ.get("LOAD_SECONDS", "8"))
DEVICES, STREAMS_EACH = 4, 5
BACKENDS = (
    "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
)
TABLE = """
    SELECT s.key, o.phenomenon_time, o.result
      FROM sensing_observation o JOIN sensing_datastream s ON s.id = o.datastream_id
"""
Fault = Callable[[Bare, LiveStack], None]


@pytest.fixture(scope="module")
def loaded() -> Iterator[tuple[Bare, list[Device]]]:
    """Two gateways that were killed again and again while devices wrote; the devices' logs."""
    with bare_running("faults", streams=DEVICES * STREAMS_EACH) as bare:
        second = bare.gateway("second")
        try:
            bare.stack.start("gateway")
            second.start("gateway")
            yield bare, load_under_faults(bare, second)
        finally:
            second.stop()


def load_under_faults(bare: Bare, second: LiveStack) -> list[Device]:
    ports = (bare.stack.site.ports.gateway, second.site.ports.gateway)
    streams = [bare.streams[i * STREAMS_EACH : (i + 1) * STREAMS_EACH] for i in range(DEVICES)]
    devices = [Device(ports[i % 2 :] + ports[: i % 2], bare.key, streams[i]) for i in range(DEVICES)]
    for device in devices:
        device.start()
    end = time.monotonic() + LOAD_SECONDS
    while True:
        for fault in FAULTS:
            time.sleep(0.5)
            fault(bare, second)
        if time.monotonic() > end:
            break
    time.sleep(1)
    for device in devices:
        device.ended.set()
    for device in devices:
        device.join(30)
    return devices


def first_gateway_killed(bare: Bare, second: LiveStack) -> None:
    bare.stack.kill("gateway")
    bare.stack.start("gateway")


def second_gateway_killed(bare: Bare, second: LiveStack) -> None:
    second.kill("gateway")
    second.start("gateway")


def connections_ended(bare: Bare, second: LiveStack) -> None:
    bare.stack.sql(BACKENDS.replace("SELECT pid", "SELECT pg_terminate_backend(pid)") + " AND usename = user")


def database_process_killed(bare: Bare, second: LiveStack) -> None:
    """PostgreSQL ends every session and recovers from its log."""
    for (pid,) in bare.stack.sql(BACKENDS)[:1]:
        os.kill(pid, signal.SIGKILL)
    time.sleep(0.2)
    bare.postgres.wait()


def redis_killed(bare: Bare, second: LiveStack) -> None:
    bare.redis.kill()
    bare.redis.start()


FAULTS: list[Fault] = [
    first_gateway_killed,
    connections_ended,
    second_gateway_killed,
    database_process_killed,
    redis_killed,
]


def table_of(bare: Bare) -> list[tuple[str, int, float]]:
    return [(key, round(at.timestamp() * 1000), result) for key, at, result in bare.stack.sql(TABLE)]


def log_of(devices: list[Device]) -> list[tuple[str, int, float]]:
    return [row for device in devices for row in device.log]


def test_the_load_met_the_faults(loaded: tuple[Bare, list[Device]]) -> None:
    for device in loaded[1]:
        assert not device.is_alive()
        assert len(device.log) > 100
        assert set(device.answers) <= {0, 201, 503}
    assert any(device.answers.get(0) for device in loaded[1]), "no connection broke: nothing was tested"


def test_every_acknowledged_reading_is_in_the_table(loaded: tuple[Bare, list[Device]]) -> None:
    bare, devices = loaded
    missing = set(log_of(devices)) - set(table_of(bare))
    assert not missing, f"{len(missing)} of {len(log_of(devices))} acknowledged readings are lost"


def test_no_reading_is_there_twice(loaded: tuple[Bare, list[Device]]) -> None:
    keys = [row[:2] for row in table_of(loaded[0])]
    assert len(keys) == len(set(keys))


def test_the_whole_log_again_stores_nothing(loaded: tuple[Bare, list[Device]]) -> None:
    bare, devices = loaded
    rows = log_of(devices)
    port = bare.stack.site.ports.gateway
    for start in range(0, len(rows), 500 * ROWS):
        part = rows[start : start + 500 * ROWS]
        status, answer = post(port, bare.key, body_of(part), seconds=60)
        assert (status, answer["stored"], answer["repeated"]) == (201, 0, len(part))


def test_roll_ups_are_due_for_every_hour_that_has_readings(loaded: tuple[Bare, list[Device]]) -> None:
    bare, devices = loaded
    hours = {datetime.fromtimestamp(ms // 3_600_000 * 3600, UTC) for _s, ms, _v in log_of(devices)}
    assert hours <= {hour for (hour,) in bare.stack.sql("SELECT DISTINCT hour FROM sensing_rollupdirty")}
