"""``uvicorn benchmarks.peer_app:application``: the comparison service with this project's settings."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityplatform.settings")
settings.ROOT_URLCONF = "benchmarks.peer"
settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]  # sets Content-Length
settings.DATABASES["default"]["CONN_MAX_AGE"] = 0  # a thread a request would keep a connection each
application = get_asgi_application()
