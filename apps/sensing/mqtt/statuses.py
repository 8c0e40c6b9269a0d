"""Whether a device is there: its last will and its own word, kept with its account."""

from __future__ import annotations

from typing import Any

from apps.sensing.mqtt.topics import Address

KEEP = """
    UPDATE sensing_device SET online = %s, seen_at = now() WHERE domain = %s AND code = %s AND kind = 'device'
"""


def status_keep(cursor: Any, address: Address, *, online: bool) -> None:
    """Note the status of a device; a device without an account is not noted."""
    cursor.execute(KEEP, [online, address.domain, address.device])
