"""The services that we compare ourselves with run on this project's settings, so they cannot fall behind."""

from __future__ import annotations

import os

import django
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler


def peer_application(urls: str) -> ASGIHandler:
    """Django as our web process sets it up, then only ``urls`` and the middleware that a bare service needs.

    What apps demand of the settings they check while they are set up; so less is taken away after that.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityplatform.settings")
    django.setup(set_prefix=False)
    settings.ROOT_URLCONF = urls
    settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]  # sets Content-Length
    return ASGIHandler()
