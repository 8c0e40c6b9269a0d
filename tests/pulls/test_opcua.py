"""A real OPC UA server of a plant on loopback: values, device times, and what status codes mean."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from asyncua import Server, ua
from django.utils import timezone

from apps.pulls.models import PullState
from apps.sensing.models import Edit, Observation, QuarantinedRow
from cityplatform.local.ports import free_ports
from tests.pulls.builders import pulled, source
from tests.sensing.builders import school_streams

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]
NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
CODES = {
    "good": ua.StatusCodes.Good,
    "uncertain": ua.StatusCodes.UncertainSensorNotAccurate,
    "bad": ua.StatusCodes.BadSensorFailure,
}


async def serve(port: int, ready: threading.Event, ended: threading.Event) -> None:
    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}/plant")
    space = await server.register_namespace("urn:test:plant")
    for number, (name, code) in enumerate(CODES.items()):
        node = ua.NodeId(name, space)
        made = await server.nodes.objects.add_variable(node, name, 0.0)
        value = ua.DataValue(
            ua.Variant(500.0 + number), ua.StatusCode(code), SourceTimestamp=NOON, ServerTimestamp=NOON
        )
        await made.write_value(value)
    async with server:
        ready.set()
        await asyncio.to_thread(ended.wait)


@pytest.fixture(scope="module")
def plant() -> Iterator[str]:
    port, ready, ended = free_ports().web, threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(serve(port, ready, ended)), daemon=True)
    thread.start()
    assert ready.wait(30)
    yield f"opc.tcp://127.0.0.1:{port}/plant"
    ended.set()
    thread.join(10)


def mapping(*names: str) -> dict[str, Any]:
    return {"nodes": {f"ns=2;s={name}": f"school.T00{number}.co2" for number, name in enumerate(names)}}


def test_values_come_with_the_time_of_the_device(plant: str) -> None:
    school_streams(1)
    run = pulled(source("opcua", plant, mapping("good")))
    assert (run.state, run.stored) == (PullState.SUCCEEDED, 1), run.message
    reading = Observation.objects.get()
    assert (reading.phenomenon_time, reading.result, reading.quality) == (NOON, 500.0, 0)


def test_an_uncertain_value_is_suspect_and_a_bad_one_is_none(plant: str) -> None:
    school_streams(2)
    found = source("opcua", plant, mapping("uncertain", "bad"))
    run = pulled(found)
    assert (run.stored, run.quarantined) == (1, 1), run.message
    assert "BadSensorFailure" in run.message
    assert Observation.objects.get().quality == 1
    assert "UncertainSensorNotAccurate" in Edit.objects.get().reason
    assert QuarantinedRow.objects.get().row["result"] is None


def test_a_node_that_does_not_exist_is_told(plant: str) -> None:
    school_streams(1)
    run = pulled(source("opcua", plant, mapping("nothing")))
    assert "BadNodeIdUnknown" in run.message


def test_a_server_that_is_off_is_told_in_words() -> None:
    run = pulled(source("opcua", f"opc.tcp://127.0.0.1:{free_ports().web}/", mapping("good")))
    assert run.state == PullState.FAILED
    assert "OPC UA" in run.message


def test_a_server_inside_the_house_is_refused(plant: str, settings: Any) -> None:
    settings.PULL_ALLOWED_NETWORKS = []
    assert "may not be called" in pulled(source("opcua", plant, mapping("good"))).message


def test_a_value_at_rest_counts_at_the_time_of_each_run(plant: str) -> None:
    school_streams(1)
    found, begin = source("opcua", plant, mapping("good")), timezone.now()
    assert [pulled(found).stored for _run in range(3)] == [1, 1, 1]
    times = list(Observation.objects.order_by("phenomenon_time").values_list("phenomenon_time", flat=True))
    assert times[0] == NOON
    assert begin < times[1] < times[2] <= timezone.now()
