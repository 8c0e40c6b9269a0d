"""A door with its publisher, as one process."""

from __future__ import annotations

import time

import structlog
from django.conf import settings

from apps.core.errors import ProblemError
from apps.sensing.mqtt.accounts import platform_rights_ensure
from apps.sensing.mqtt.door import Door
from apps.sensing.mqtt.publishing import Publisher

log = structlog.get_logger("mqtt")


def door_make() -> Door:
    """A door with the name of this process; names must differ, the broker keeps a session for each."""
    return Door(settings.MQTT_DOOR)


def door_run(door: Door) -> None:
    """Run until it is stopped; a broker that is not there yet is waited for."""
    while True:
        try:
            platform_rights_ensure()
            break
        except ProblemError:
            log.warning("broker_away")
            time.sleep(1)
    publisher = Publisher(door.client, door.table, name=settings.MQTT_DOOR)
    if settings.MQTT_PUBLISH:
        publisher.start()
    door.run()
    publisher.end()
