"""The gateway process: ``uvicorn cityplatform.gateway:application``."""

from __future__ import annotations

import os
from importlib import import_module

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityplatform.settings")
django.setup()

application = import_module("apps.core.faults").ToldFaults(
    import_module("apps.sensing.gateway.app").Gateway()  # after the models are loaded
)
