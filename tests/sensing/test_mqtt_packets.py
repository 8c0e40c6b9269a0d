"""Plain PUBLISH packets are read as paho reads them, wherever a read of the connection ends."""

from __future__ import annotations

import socket
import struct
from select import select

from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt._packet import decode_publish
from paho.mqtt.enums import MQTTErrorCode, MQTTProtocolVersion

from apps.sensing.mqtt.connecting import client_make
from apps.sensing.mqtt.packets import Publish, publish_read

TOPICS = st.text(st.characters(codec="utf-8", exclude_characters="\0+#"), min_size=1, max_size=300)
PAYLOADS = st.one_of(st.binary(max_size=200), st.integers(120, 130).map(bytes), st.just(bytes(17_000)))
NO_PROPERTIES, CONTENT_TYPE = b"\0", b"\7\x03\0\4json"
Fields = tuple[str, bytes, int, bool, bytes]  # topic, payload, QoS, retained, properties
PUBLISHES = st.tuples(TOPICS, PAYLOADS, st.sampled_from((0, 1)), st.booleans(), st.just(NO_PROPERTIES))
OTHERS = st.one_of(
    st.just(b"\xd0\0"),  # PINGRESP
    st.just(b"\x40\2\0\7"),  # PUBACK
)


def packet(topic: str, payload: bytes, quality: int, retained: bool, properties: bytes) -> bytes:
    """A PUBLISH as MQTT 5 (3.3) writes it; the number of the packet is 77."""
    name = topic.encode()
    body = struct.pack("!H", len(name)) + name + (b"\0\x4d" if quality else b"") + properties + payload
    length, digits = len(body), bytearray()
    while True:
        length, digit = divmod(length, 128)
        digits.append(digit | (0x80 if length else 0))
        if not length:
            return bytes([0x30 | quality << 1 | retained]) + digits + body


@given(PUBLISHES, st.binary(max_size=9))
def test_a_plain_packet_is_read_as_paho_reads_it(publish: Fields, rest: bytes) -> None:
    data, header = packet(*publish), 1
    found = publish_read(b"before" + data + rest, len(b"before"))
    while data[header] & 0x80:
        header += 1
    theirs = decode_publish(data[0], data[header + 1 :], MQTTProtocolVersion.MQTTv5)
    assert found == Publish(
        theirs.topic.decode(), bytes(theirs.payload), theirs.mid, len(b"before") + len(data)
    )


@given(PUBLISHES)
def test_half_a_packet_and_one_with_properties_are_left_to_paho(
    publish: Fields,
) -> None:
    data = packet(*publish)
    assert all(publish_read(data[:end], 0) is None for end in range(min(len(data), 400)))
    assert publish_read(data[:-1], 0) is None
    assert publish_read(packet(*publish[:-1], CONTENT_TYPE), 0) is None


@given(st.binary(max_size=40))
def test_no_bytes_break_the_reading(data: bytes) -> None:
    found = publish_read(b"\x32" + data, 0)
    assert found is None or found.end <= 1 + len(data)


@given(st.lists(st.one_of(PUBLISHES.map(lambda each: packet(*each)), OTHERS), max_size=6), st.data())
def test_each_message_comes_once_and_in_order_wherever_reads_end(
    packets: list[bytes], data: st.DataObject
) -> None:
    stream = b"".join(packets)
    ends = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    parts = [stream[begin:end] for begin, end in zip([0, *ends], [*ends, len(stream)], strict=True)]
    client, taken = client_make("test", url="mqtt://localhost", manual_ack=True), list[bytes]()
    client.on_message = lambda _client, _data, message: taken.append(bytes(message.payload))
    client.on_plain = lambda message: taken.append(message.payload)
    broker, client._sock = socket.socketpair()
    with broker, client._sock:
        client._sock.setblocking(False)
        for part in filter(None, parts):
            broker.sendall(part)
            while select([client._sock], [], [], 0)[0]:
                assert client.loop_read() == MQTTErrorCode.MQTT_ERR_SUCCESS
    published = [each for each in packets if each[0] & 0xF0 == 0x30]
    assert len(taken) == len(published)
    assert all(each.endswith(payload) for each, payload in zip(published, taken, strict=True))
