"""A real OAuth client (authlib over requests) whose requests are answered by Django in this process."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import requests
from django.test import Client
from requests.adapters import BaseAdapter

URL = "http://testserver"


class DjangoAdapter(BaseAdapter):
    """Sends a prepared request to Django's test client, byte by byte what the wire would carry."""

    def send(self, request: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """Django's answer as requests gives it."""
        headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()}
        body = request.body or b""
        answer = Client(raise_request_exception=False).generic(
            request.method,
            request.url.removeprefix(URL),
            body if isinstance(body, bytes) else body.encode(),
            content_type=request.headers.get("Content-Type", "text/plain"),
            **headers,
        )
        found = requests.Response()
        found.status_code, found.url, found.request = answer.status_code, request.url, request
        found.headers.update(dict(answer.items()))
        found.raw = BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content)
        return found

    def close(self) -> None:
        """Nothing is open."""


def wired(session: Any) -> Any:
    """The session with this way out and no other."""
    session.mount(URL, DjangoAdapter())
    return session


WEB: requests.Session = wired(requests.Session())
