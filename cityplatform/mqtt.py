"""The MQTT door's process: ``python -m cityplatform.mqtt``."""

from __future__ import annotations

import os
import signal
from importlib import import_module

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityplatform.settings")
    django.setup()
    serve = import_module("apps.sensing.mqtt.serving")  # after the models are loaded
    door = serve.door_make()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_arguments: door.stop())
    serve.door_run(door)
