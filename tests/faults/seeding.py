"""What a device needs before its first reading; runs inside the other system's Django."""

from __future__ import annotations

import json

from apps.accounts.services.keys import api_key_create
from tests.people import person
from tests.sensing.builders import school_streams


def seed(count: int) -> str:
    """JSON with ``key``, an API key that may write, and ``streams``, the keys of ``count`` datastreams."""
    _row, key = api_key_create(person("device"), name="device", domain="school", scopes=["ingest"])
    return json.dumps({"key": key, "streams": [stream.key for stream in school_streams(count)]})
