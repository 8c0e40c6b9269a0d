"""A private Redis: broker, cache and live feed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import redis

from cityplatform.local.accounts import account_for, folder_make, own, servers_home
from cityplatform.local.passwords import secret_make
from cityplatform.local.ports import HOST
from cityplatform.local.programs import program
from cityplatform.local.server import Server


@dataclass(frozen=True, slots=True, kw_only=True)
class Redis:
    """Where one Redis lives; ``durable`` keeps queued tasks over a restart by a snapshot."""

    var: Path
    port: int
    durable: bool = True

    def url(self, number: int = 0) -> str:
        """Connection address of one of its 16 databases."""
        return f"redis://:{secret_make(self.var / 'secrets', 'redis')}@{HOST}:{self.port}/{number}"


def redis_server(private: Redis) -> Server:
    """The server with its configuration written."""
    folder, account = servers_home(private.var) / "redis", account_for("redis")
    folder_make(folder, account)
    config = folder / "redis.conf"
    config.write_text(_configuration(private, folder), encoding="utf-8")
    config.chmod(0o600)
    own(config, account)
    return Server(
        name="Redis",
        command=[program("redis-server", "redis-server"), str(config)],
        folder=folder,
        log=private.var / "log" / "redis.log",
        account=account,
        answers=lambda: _answers(private),
    )


def _configuration(private: Redis, folder: Path) -> str:
    settings = {
        "bind": HOST,
        "port": private.port,
        "dir": folder,
        "requirepass": secret_make(private.var / "secrets", "redis"),
        "appendonly": "no",
        "save": "300 1" if private.durable else '""',
        "maxmemory-policy": "noeviction",  # a broker must never drop a task silently
        "daemonize": "no",
    }
    return "".join(f"{name} {value}\n" for name, value in settings.items())


def _answers(private: Redis) -> bool:
    client = redis.Redis.from_url(private.url(), socket_connect_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
