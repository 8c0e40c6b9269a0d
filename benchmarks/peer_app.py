"""``uvicorn benchmarks.peer_app:application``: the comparison service with this project's settings."""

from __future__ import annotations

from django.db import connections

from benchmarks.peers import peer_application

application = peer_application("benchmarks.peer")
connections.settings["default"]["CONN_MAX_AGE"] = 0  # a thread a request would keep a connection each
