"""Real gateways on the test database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings

from cityplatform.local.ports import free_ports
from cityplatform.local.services import Site
from tests.emptying import database_restore
from tests.stack import LiveStack, stack_environment


@pytest.fixture(scope="module")
def gateways(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[int, int]]:
    """The ports of two gateways on the test database; what the module's tests commit goes at its end.

    A gateway remembers the datastreams for half a minute, so the tests of a module share theirs.
    """
    site = Site(var=Path(os.environ["VAR_DIR"]) / "gateways", ports=free_ports(), durable=False)
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{settings.DATABASES['default']['NAME']}")
    environment = stack_environment(site, database_url=urlunsplit(address), redis_url=os.environ["REDIS_URL"])
    second = replace(site, var=site.var / "second", ports=replace(site.ports, gateway=free_ports().gateway))
    stacks = [
        LiveStack(each, environment | {"GATEWAY_PORT": str(each.ports.gateway)}) for each in (site, second)
    ]
    with django_db_blocker.unblock():
        try:
            for stack in stacks:
                stack.start("gateway")
            yield site.ports.gateway, second.ports.gateway
        finally:
            for stack in stacks:
                stack.stop()
            database_restore()
