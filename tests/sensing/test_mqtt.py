"""The MQTT door with a real broker and devices of their own accounts."""

from __future__ import annotations

import gzip
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import msgspec
import pytest
from django.conf import settings as django_settings
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from apps.accounts.data import Viewer
from apps.accounts.selectors import viewer_for
from apps.sensing.ingest.streams import KnownStreams
from apps.sensing.models import Device, Observation, QuarantinedRow
from apps.sensing.mqtt.publishing import RATE, Publisher
from apps.sensing.services.devices import device_create, device_end
from cityplatform.local.mosquitto import mosquitto_server
from cityplatform.local.ports import free_ports
from cityplatform.local.services import Site, running
from tests.emptying import database_restore
from tests.people import person
from tests.sensing.builders import NOON, school_streams
from tests.stack import LiveStack, stack_environment

pytestmark = pytest.mark.django_db
MS = int(NOON.timestamp()) * 1000
SECONDS = 15.0


@dataclass
class Line:
    """One device's connection; what arrives is kept."""

    client: Client
    found: list[MQTTMessage] = field(default_factory=list)

    def publish(self, topic: str, body: bytes, **properties: Any) -> None:
        """Publish at QoS 1 and wait for the broker's word."""
        wished = Properties(PacketTypes.PUBLISH)
        for name, value in properties.items():
            setattr(wished, name, value)
        self.client.publish(topic, body, qos=1, properties=wished if properties else None).wait_for_publish(
            SECONDS
        )


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    """A broker of this module; its address with the platform's account."""
    site = Site(var=Path(os.environ["VAR_DIR"]) / "mqtt", ports=free_ports(), durable=False)
    with running(mosquitto_server(site.mosquitto)), pytest.MonkeyPatch.context() as patch:
        patch.setattr(django_settings, "MQTT_URL", site.mosquitto.url())
        yield site.mosquitto.url()


@pytest.fixture(scope="module")
def door(broker: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[LiveStack]:
    """A door on the test database."""
    site = Site(var=Path(os.environ["VAR_DIR"]) / "mqtt", ports=free_ports(), durable=False)
    database = urlsplit(os.environ["DATABASE_URL"])._replace(
        path=f"/{django_settings.DATABASES['default']['NAME']}"
    )
    environment = stack_environment(
        site, database_url=urlunsplit(database), redis_url=os.environ["REDIS_URL"]
    )
    stack = LiveStack(site, environment | {"MQTT_URL": broker})
    with django_db_blocker.unblock():
        try:
            stack.start("mqtt")
            yield stack
        finally:
            stack.stop()
            database_restore()


@pytest.fixture(scope="module")
def clerk(door: LiveStack) -> Viewer:
    return viewer_for(person("clerk", roles=["school-operator"]))


@pytest.fixture(scope="module")
def things(door: LiveStack) -> list[str]:
    """Codes of things with a CO2 sensor each."""
    return [stream.thing.code for stream in school_streams(12)]


@pytest.fixture(scope="module")
def passwords(things: list[str], clerk: Viewer) -> dict[str, str]:
    """The passwords of every device."""
    return {
        code: device_create(domain="school", code=code, kind="device", viewer=clerk)[1] for code in things
    }


@pytest.fixture
def connect(broker: str, passwords: dict[str, str]) -> Iterator[Callable[..., Line]]:
    """Opens connections that end with the test."""
    lines: list[Line] = []

    def opened(code: str, *, name: str = "", password: str = "", version: int = 5) -> Line:
        protocol = MQTTProtocolVersion.MQTTv5 if version == 5 else MQTTProtocolVersion.MQTTv311
        line = Line(Client(CallbackAPIVersion.VERSION2, client_id=f"{code}-{len(lines)}", protocol=protocol))
        line.client.username_pw_set(name or f"device.school.{code}", password or passwords[code])
        line.client.on_message = lambda _client, _data, message: line.found.append(message)
        line.client.connect(urlsplit(broker).hostname or "", urlsplit(broker).port or 0)
        line.client.loop_start()
        until(line.client.is_connected)
        lines.append(line)
        return line

    yield opened
    for line in lines:
        line.client.disconnect()
        line.client.loop_stop()


def until(true: Callable[[], object], seconds: float = SECONDS) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


def stored(code: str) -> int:
    return Observation.objects.filter(datastream__key=f"school.{code}.co2").count()


def row(code: str, second: int = 0, result: float = 500) -> dict[str, Any]:
    return {"datastream": f"school.{code}.co2", "phenomenonTime": MS + second * 1000, "result": result}


def topic(code: str, what: str = "telemetry") -> str:
    return f"v1/school/{code}/{what}"


@pytest.mark.parametrize("version", [3, 5])
def test_what_a_device_publishes_is_stored_once(connect: Any, things: list[str], version: int) -> None:
    code = things[version]
    line = connect(code, version=version)
    for _each in range(3):
        line.publish(topic(code), json.dumps([row(code, second) for second in range(5)]).encode())
    until(lambda: stored(code) == 5)
    time.sleep(0.3)
    assert stored(code) == 5


def test_every_kind_of_body_is_taken(connect: Any, things: list[str]) -> None:
    code = things[0]
    line = connect(code)
    columns = {"datastream": f"school.{code}.co2", "phenomenonTime": [MS + 1000, MS + 2000], "result": [1, 2]}
    line.publish(topic(code), json.dumps(row(code)).encode())
    line.publish(topic(code), msgspec.msgpack.encode(columns))
    line.publish(topic(code), gzip.compress(json.dumps(row(code, 3)).encode()))
    line.publish(topic(code), msgspec.msgpack.encode(row(code, 4)), ContentType="application/msgpack")
    until(lambda: stored(code) == 5)


def test_a_device_that_asks_hears_that_its_message_is_stored(connect: Any, things: list[str]) -> None:
    code = things[1]
    line = connect(code)
    line.client.subscribe(topic(code, "stored"), qos=1)
    body = json.dumps([row(code), row(code), {"nonsense": 1}]).encode()
    line.publish(topic(code), body, ResponseTopic=topic(code, "stored"), CorrelationData=b"7")
    until(lambda: line.found)
    told = json.loads(line.found[0].payload)
    (fault,) = told.pop("faults")
    assert told == {"stored": 1, "repeated": 1, "conflict": 0, "quarantined": 1}
    assert (fault["index"], fault["field"], fault["code"]) == (2, "nonsense", "unknown_member")
    assert line.found[0].properties.CorrelationData == b"7"


POISON = [b"", b"{", b"\xff\xfe", b"[" * 5000, b"\xc1", b"3", gzip.compress(b"[]", mtime=0)[:-4], b"\x1f\x8b"]


def test_a_body_that_is_no_reading_is_quarantined_and_does_not_come_again(
    connect: Any, things: list[str]
) -> None:
    code = things[2]
    line = connect(code)
    before = QuarantinedRow.objects.filter(door="mqtt").count()
    for body in POISON:
        line.publish(topic(code), body)
    line.publish(topic(code), json.dumps(row(code)).encode())
    until(lambda: stored(code) == 1)
    assert QuarantinedRow.objects.filter(door="mqtt").count() == before + len(POISON)


def test_a_device_writes_only_its_own_streams(connect: Any, things: list[str]) -> None:
    mine, other = things[4], things[6]
    line = connect(mine)
    line.publish(topic(mine), json.dumps([row(other), row(mine)]).encode())
    until(lambda: stored(mine) == 1)
    assert stored(other) == 0
    assert QuarantinedRow.objects.filter(code="other_device").count() == 1


def test_a_device_publishes_only_under_its_own_topic(connect: Any, things: list[str]) -> None:
    mine, other = things[4], things[7]
    connect(mine).publish(topic(other), json.dumps(row(other)).encode())
    time.sleep(1)
    assert stored(other) == 0


def test_a_topic_that_nobody_reads_is_refused_and_not_acknowledged_as_kept(
    connect: Any, things: list[str]
) -> None:
    line, reasons = connect(things[4]), list[Any]()
    line.client.on_publish = lambda _client, _data, _mid, reason, _properties: reasons.append(reason)
    for what in ("observations", "telemetry/2", "attributes"):
        line.client.publish(f"v1/school/{things[4]}/{what}", b"{}", qos=1)
    until(lambda: len(reasons) == 3)
    assert {str(reason) for reason in reasons} == {"Not authorized"}


def test_a_reader_follows_its_domain_and_nothing_else(connect: Any, things: list[str], clerk: Viewer) -> None:
    _account, password = device_create(domain="school", code="wall", kind="reader", viewer=clerk)
    reader = connect("wall", name="reader.school.wall", password=password)
    for pattern in ("v1/school/observations/#", "v1/#", "v1.1/#"):
        reader.client.subscribe(pattern, qos=0)
    time.sleep(0.5)
    code = things[8]
    connect(code).publish(topic(code), json.dumps(row(code, 9, 612)).encode())
    until(lambda: reader.found)
    entity = json.loads(reader.found[0].payload)
    assert (entity["result"], entity["phenomenonTime"]) == (612, "2026-11-02T12:00:09.000Z")
    assert {message.topic.rsplit("/", 1)[0] for message in reader.found} == {"v1/school/observations"}


def test_a_device_hears_and_says_nothing_outside_its_own_topic(connect: Any, things: list[str]) -> None:
    mine, other = things[4], things[8]
    spy = connect(mine)
    patterns = [
        "#",
        "+/+/+/+",
        "v1/+/+/telemetry",
        topic(other),
        f"v1/school/{other}/#",
        "v1/school/observations/#",
    ]
    patterns += [
        "v1.1/#",
        "$SYS/#",
        "$CONTROL/#",
        "$share/spies/v1/+/+/telemetry",
        f"$share/x/{topic(other)}",
    ]
    for pattern in patterns:
        spy.client.subscribe(pattern, qos=1)
    for where in ("v1/school/observations/1", "v1.1/Datastreams(1)/Observations", "$SYS/broker/uptime"):
        spy.publish(where, b"{}")
    command = {
        "commands": [{"command": "setDefaultACLAccess", "acls": [{"acltype": "subscribe", "allow": True}]}]
    }
    spy.publish("$CONTROL/dynamic-security/v1", json.dumps(command).encode())
    before = stored(other)
    connect(other).publish(topic(other), json.dumps(row(other, 30, 700)).encode())
    until(lambda: stored(other) == before + 1)
    time.sleep(0.5)
    assert [message.topic for message in spy.found] == []


def test_the_last_will_tells_that_a_device_is_gone(
    broker: str, passwords: dict[str, str], things: list[str]
) -> None:
    code = things[9]
    client = Client(CallbackAPIVersion.VERSION2, client_id="dying", protocol=MQTTProtocolVersion.MQTTv311)
    client.username_pw_set(f"device.school.{code}", passwords[code])
    client.will_set(topic(code, "status"), "offline", qos=1, retain=True)
    client.connect(urlsplit(broker).hostname or "", urlsplit(broker).port or 0)
    client.loop_start()
    client.publish(topic(code, "status"), "online", qos=1, retain=True)
    until(lambda: Device.objects.get(code=code).online)
    client.loop_stop()
    client.socket().close()  # as a device dies: without a word
    until(lambda: not Device.objects.get(code=code).online)


def test_an_ended_account_is_cut_off_at_once(connect: Any, things: list[str], clerk: Viewer) -> None:
    code = things[10]
    line = connect(code)
    device_end(Device.objects.get(code=code), viewer=clerk)
    until(lambda: not line.client.is_connected(), 5)


def test_the_door_comes_back_after_kill_9_with_what_the_broker_kept(
    connect: Any, door: LiveStack, things: list[str]
) -> None:
    code = things[11]
    line = connect(code)
    door.kill("mqtt")
    for second in range(50):
        line.publish(topic(code), json.dumps(row(code, second)).encode())
    door.start("mqtt")
    until(lambda: stored(code) == 50)


def test_a_message_at_qos_0_does_not_break_the_door(connect: Any, things: list[str]) -> None:
    """It has no number to acknowledge; a PUBACK of number 0 would end the connection."""
    code = things[8]
    line, before = connect(code), stored(code)
    line.client.publish(topic(code), json.dumps(row(code, 100)), qos=0)
    until(lambda: stored(code) == before + 1)
    line.publish(topic(code), json.dumps(row(code, 101)).encode())
    until(lambda: stored(code) == before + 2)


def test_the_newest_of_each_stream_is_published_when_more_is_stored_than_the_rate() -> None:
    publisher = Publisher(Client(CallbackAPIVersion.VERSION2), KnownStreams(), name="test")
    rows = [(stream, second, 1.0, 0) for stream in (1, 2) for second in range(RATE)]
    assert publisher.within_rate(rows) == [(1, RATE - 1, 1.0, 0), (2, RATE - 1, 1.0, 0)]
    assert len(publisher.within_rate(rows[: RATE - 2])) == RATE - 2
    assert publisher.within_rate(rows) == []
