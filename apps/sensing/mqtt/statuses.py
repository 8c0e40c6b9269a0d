"""Whether a device is there: its last will and its own word, kept with its account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg

from apps.sensing.mqtt.messages import Message

KEEP = """
    UPDATE sensing_device SET online = %s, seen_at = now() WHERE domain = %s AND code = %s AND kind = 'device'
"""


def statuses_keep(connection: psycopg.Connection[Any], messages: Sequence[Message]) -> None:
    """Note what each device said last, in one order for all writers; one without an account is not noted."""
    said = {
        (message.address.domain, message.address.device): message.payload.strip() == b"online"
        for message in messages
    }
    if not said:
        return
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(KEEP, [(online, *device) for device, online in sorted(said.items())])
