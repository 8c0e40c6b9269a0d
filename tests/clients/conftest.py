"""A running web process on the test database, for clients that other people wrote."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
import redis
from django.conf import settings

from apps.accounts.services.keys import api_key_create
from cityplatform.local.ports import free_ports
from cityplatform.local.services import Site
from tests.people import person
from tests.stack import LiveStack, stack_environment


@pytest.fixture(scope="package")
def web_process(django_db_setup: None) -> Iterator[LiveStack]:
    """The web process as the Procfile starts it."""
    site = Site(var=Path(os.environ["VAR_DIR"]) / "clients", ports=free_ports(), durable=False)
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{settings.DATABASES['default']['NAME']}")
    redis_url = urlunsplit(urlsplit(os.environ["REDIS_URL"])._replace(path="/13"))
    environment = stack_environment(site, database_url=urlunsplit(address), redis_url=redis_url)
    stack = LiveStack(site, environment | {"KEYS_FILE": str(settings.KEYS_FILE)})
    try:
        stack.start("web")
        yield stack
    finally:
        stack.stop()


@pytest.fixture
def web_url(transactional_db: None, web_process: LiveStack) -> str:
    """The address of the web process; what the test commits is what it serves."""
    with redis.Redis.from_url(web_process.environment["REDIS_URL"]) as cache:
        cache.flushdb()
    return web_process.web_url


@pytest.fixture
def key(transactional_db: None) -> str:
    """An API key that may read for somebody who may see the city."""
    reader = person("partner", roles=["city-viewer"])
    return api_key_create(reader, name="partner", domain="city", scopes=["read"])[1]
