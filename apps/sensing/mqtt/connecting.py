"""Connections to the broker of this installation."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MessageType, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from apps.sensing.mqtt.packets import Publish, publish_read

KEEPALIVE_SECONDS = 20
SESSION_SECONDS = 7 * 86_400  # how long the broker keeps what an absent door has not taken
READ_BYTES = 1 << 16


class BulkClient(Client):
    """A client that reads many messages by one call of the system and acknowledges many by one.

    paho asks the socket four times for a message (is there one, its kind, its length, its content), gives the
    interpreter to other threads each time, and makes an object of properties that hardly a device sends; that
    costs a door most. What is not plain here goes paho's own way, to ``on_message``.
    """

    on_plain: Callable[[Publish], None] | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._unread = b""
        self._place = 0  # in what is unread

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Handle what has come, to the last byte; the base class returns after each message."""
        result = super().loop_read(max_packets)
        while result == MQTTErrorCode.MQTT_ERR_SUCCESS and self._place < len(self._unread):
            self._take_plain()
            if self._place < len(self._unread):
                result = super().loop_read(max_packets)
        return result

    def _take_plain(self) -> None:
        """Hand over plain messages up to the first other packet; not while paho has read half of one."""
        if self.on_plain is None or self._in_packet["command"]:
            return
        while (message := publish_read(self._unread, self._place)) is not None:
            self._place = message.end
            self.on_plain(message)

    def _sock_recv(self, bufsize: int) -> bytes:
        if self._place >= len(self._unread):
            self._unread, self._place = super()._sock_recv(READ_BYTES), 0
        begin, self._place = self._place, self._place + bufsize
        return self._unread[begin : self._place]

    def _sock_close(self) -> None:
        self._unread, self._place = b"", 0  # the next connection begins with a message of its own
        super()._sock_close()

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
