"""Connections to the broker of this installation."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MessageType, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

KEEPALIVE_SECONDS = 20
SESSION_SECONDS = 7 * 86_400  # how long the broker keeps what an absent door has not taken


class BulkClient(Client):
    """A client that acknowledges many messages by one write; one write each is what costs a door most."""

    def acknowledge(self, mids: Sequence[int]) -> None:
        """PUBACK (MQTT 5, 3.4) for every number; messages at QoS 0 have the number 0 and need none."""
        packets = b"".join(struct.pack("!BBH", MessageType.PUBACK, 2, mid) for mid in mids if mid)
        if packets:
            self._packet_queue(MessageType.PUBACK, packets, 0, 1)


def client_make(name: str, *, url: str, manual_ack: bool = False) -> BulkClient:
    """A client with the account of the address, not yet connected; it connects again by itself."""
    parts = urlsplit(url)
    client = BulkClient(
        CallbackAPIVersion.VERSION2,
        client_id=name,
        protocol=MQTTProtocolVersion.MQTTv5,
        manual_ack=manual_ack,
    )
    if parts.username:
        client.username_pw_set(unquote(parts.username), unquote(parts.password or ""))
    client.reconnect_delay_set(min_delay=1, max_delay=5)
    client.max_queued_messages_set(0)
    return client


def client_connect(client: Client, *, url: str, receive_maximum: int = 0, keep_session: bool = False) -> None:
    """Connect without waiting; to a session that is kept the broker sends again what was not acknowledged."""
    parts, properties = urlsplit(url), Properties(PacketTypes.CONNECT)
    options: dict[str, Any] = {"ReceiveMaximum": receive_maximum} if receive_maximum else {}
    if keep_session:
        options["SessionExpiryInterval"] = SESSION_SECONDS
    for option, value in options.items():
        setattr(properties, option, value)
    client.connect_async(
        parts.hostname or "127.0.0.1",
        parts.port or 1883,
        KEEPALIVE_SECONDS,
        clean_start=not keep_session,
        properties=properties,
    )
