"""The doors beside HTTP."""

from __future__ import annotations

from cityplatform.settings import env

MQTT_DOOR = env.text("MQTT_DOOR", "door-1", "Name of this MQTT door; each of several needs one of its own.")
MQTT_PUBLISH = env.flag("MQTT_PUBLISH", "Publish new observations to the MQTT broker.", default=True)
SENSORTHINGS_ROOT = env.text(
    "SENSORTHINGS_ROOT", "/sta/v1.1/", "Address of the SensorThings service in published observations."
)
