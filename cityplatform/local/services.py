"""The three private servers together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cityplatform.local.mosquitto import Mosquitto, mosquitto_server
from cityplatform.local.ports import HOST, Ports
from cityplatform.local.postgres import Postgres, database_make, postgres_server
from cityplatform.local.redis_server import Redis, redis_server
from cityplatform.local.server import Server


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One private installation: its folder and its ports; ``durable`` is off only for tests."""

    var: Path
    ports: Ports
    durable: bool = True

    @property
    def postgres(self) -> Postgres:
        """Its database server."""
        return Postgres(var=self.var, port=self.ports.postgres, durable=self.durable)

    @property
    def redis(self) -> Redis:
        """Its Redis."""
        return Redis(var=self.var, port=self.ports.redis, durable=self.durable)

    @property
    def mosquitto(self) -> Mosquitto:
        """Its MQTT broker."""
        return Mosquitto(var=self.var, port=self.ports.mqtt)

    def environment(self, database: str = "cityplatform") -> dict[str, str]:
        """What a process of this installation reads from its environment."""
        ports = {f"{name.upper()}_PORT": str(number) for name, number in self.ports.pairs()}
        return ports | {
            "DATABASE_URL": self.postgres.url(database),
            "REDIS_URL": self.redis.url(),
            "MQTT_URL": self.mosquitto.url(),
            "GATEWAY_URL": f"http://{HOST}:{self.ports.gateway}",
            "VAR_DIR": str(self.var),
            "BACKUP_DATABASE_URL": self.postgres.backup_url(),
            "DRILL_DIR": str(self.postgres.data.with_name("drill")),
            "DRILL_ACCOUNT": self.postgres.account or "",
        }

    @property
    def portal_url(self) -> str:
        """Where people log in."""
        return f"http://{HOST}:{self.ports.web}/portal/"


@contextmanager
def running(*servers: Server) -> Iterator[None]:
    """Start them in order, stop them in the opposite order, whatever happens between."""
    with ExitStack() as stack:
        for server in servers:
            stack.callback(server.stop)
            server.start()
        yield


@contextmanager
def services_running(site: Site) -> Iterator[None]:
    """PostgreSQL (with role, database and PostGIS), Redis and Mosquitto."""
    servers = (postgres_server(site.postgres), redis_server(site.redis), mosquitto_server(site.mosquitto))
    with running(*servers):
        database_make(site.postgres)
        yield
