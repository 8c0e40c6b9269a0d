"""Who reads in a benchmark; run inside ``manage.py shell``."""

from __future__ import annotations

from apps.accounts.services.keys import api_key_create
from tests.people import person


def reader_key() -> str:
    """An API key of somebody who may see the schools."""
    reader = person("reader", roles=["school-viewer"])
    return api_key_create(reader, name="bench", domain="school", scopes=["read"])[1]
