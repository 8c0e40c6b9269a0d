"""The web process: Django for pages and API, Channels for websockets."""

from __future__ import annotations

import gc
import os
from importlib import import_module

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application

from apps.core.proxies import TrustedProxies
from cityplatform.keys import refuse_without_keys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityplatform.settings")
django_application = get_asgi_application()

sockets = import_module("cityplatform.sockets")  # after the models are loaded
faults = import_module("apps.core.faults")
origins = import_module("apps.live.origins")
short = import_module("apps.maps.doors.short")
quick = import_module("apps.sensing.sensorthings.quick")

application = ProtocolTypeRouter(
    {
        "http": quick.QuickPosts(short.ShortWay(django_application)),
        "websocket": origins.SameOrigin(AuthMiddlewareStack(URLRouter(sockets.websocket_urlpatterns))),
    }
)


def serve() -> TrustedProxies:
    """The application for uvicorn (``--factory``); a missing or wrong root key stops the start here.

    What the imports have made stays until the end, so the garbage collector need not walk it again: it did
    for 100 to 200 ms at a time, in which no frame of the live feed went out.
    """
    refuse_without_keys()
    gc.collect()
    gc.freeze()
    return TrustedProxies(faults.ToldFaults(application), networks=settings.TRUSTED_PROXIES)
