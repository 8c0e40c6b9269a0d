"""Gateways on durable servers of their own, without a city: schema, some streams and a key, nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from cityplatform.local.banner import when_answers
from cityplatform.local.ports import HOST, free_ports
from cityplatform.local.postgres import postgres_server
from cityplatform.local.redis_server import redis_server
from cityplatform.local.server import Server
from cityplatform.local.services import Site, running
from tests.clusters import cluster_copy, site_remove
from tests.stack import START_SECONDS, LiveStack, stack_environment

ROOT = Path(__file__).resolve().parents[2]
SEED = "from tests.faults.seeding import seed; print(seed({count}))"


@dataclass
class Bare:
    """The servers, the first gateway's stack, a key that may write, and the keys of the streams."""

    stack: LiveStack
    postgres: Server
    redis: Server
    key: str
    streams: list[str]

    def gateway(self, name: str) -> LiveStack:
        """One more gateway beside the first, on a port of its own."""
        ports = replace(self.stack.site.ports, gateway=free_ports().gateway)
        site = replace(self.stack.site, var=self.stack.site.var / name, ports=ports)
        return LiveStack(site, self.stack.environment | {"GATEWAY_PORT": str(ports.gateway)})

    @contextmanager
    def serving(self, application: str) -> Iterator[int]:
        """Another ASGI application on the same servers, under uvicorn; its port."""
        port = free_ports().web
        command = [sys.executable, "-m", "uvicorn", application, "--host", HOST, "--port", str(port)]
        command += ["--no-access-log", "--log-level", "warning"]
        with subprocess.Popen(command, cwd=ROOT, env=self.stack.environment) as process:
            try:
                assert when_answers(port, seconds=START_SECONDS), f"{application} did not start"
                yield port
            finally:
                process.terminate()


@contextmanager
def bare_running(name: str, *, streams: int) -> Iterator[Bare]:
    """PostgreSQL with the settings of production, Redis, the schema, ``streams`` datastreams and a key."""
    site = Site(var=Path(os.environ.get("CITYPLATFORM_TEST_VAR", ROOT / "var")) / name, ports=free_ports())
    site_remove(site.var)
    cluster_copy(site)
    for folder in ("static", "media", "log", "secrets"):
        (site.var / folder).mkdir(parents=True, exist_ok=True)
    postgres, redis = postgres_server(site.postgres), redis_server(site.redis)
    environment = stack_environment(site, database_url=site.postgres.url(), redis_url=site.redis.url())
    stack = LiveStack(site, environment | {"BIND": HOST, "LOG_LEVEL": "WARNING"})
    try:
        with running(postgres, redis):
            made = json.loads(stack.manage("shell", "--verbosity", "0", "-c", SEED.format(count=streams)))
            yield Bare(stack, postgres, redis, made["key"], made["streams"])
            stack.stop()
    finally:
        stack.stop()
        site_remove(site.var)
