"""No process that reads or writes personal data starts with a root key that is missing or wrong."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

from django.db import connections


def _checked() -> None:
    try:
        import_module("apps.privacy.services.keys").keys_require()
    finally:
        connections.close_all()


def refuse_without_keys() -> None:
    """Stop the start, saying which key is wrong and what to do.

    On a thread of its own: uvicorn loads applications inside its event loop, where the ORM may not be used.
    """
    with ThreadPoolExecutor(1) as thread:
        thread.submit(_checked).result()
