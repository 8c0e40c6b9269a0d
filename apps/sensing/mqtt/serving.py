"""A door with its publisher, as one process."""

from __future__ import annotations

import sys
import time

import structlog
from django.conf import settings

from apps.core.errors import ProblemError
from apps.sensing.mqtt.accounts import platform_rights_ensure
from apps.sensing.mqtt.connecting import client_connect, client_make
from apps.sensing.mqtt.door import Door
from apps.sensing.mqtt.publishing import Publisher

SWITCH_SECONDS = 0.0005  # the reading thread gives way at every byte; it must not wait long for its turn
log = structlog.get_logger("mqtt")


def door_make() -> Door:
    """A door with the name of this process; names must differ, the broker keeps a session for each."""
    return Door(settings.MQTT_DOOR)


def door_run(door: Door) -> None:
    """Run until it is stopped; a broker that is not there yet is waited for."""
    sys.setswitchinterval(SWITCH_SECONDS)
    while True:
        try:
            platform_rights_ensure()
            break
        except ProblemError:
            log.warning("broker_away")
            time.sleep(1)
    client = client_make(f"{settings.MQTT_DOOR}-news", url=settings.MQTT_URL)
    publisher = Publisher(client, door.known, name=settings.MQTT_DOOR)
    if settings.MQTT_PUBLISH:
        client_connect(client, url=settings.MQTT_URL)
        client.loop_start()
        publisher.start()
    door.run()
    publisher.end()
    client.disconnect()
    client.loop_stop()
