"""Redis and Mosquitto: passwords, users, and what they say when they cannot start."""

from __future__ import annotations

import socket
import subprocess

import pytest
import redis

from cityplatform.local.errors import LocalError
from cityplatform.local.mosquitto import mosquitto_server
from cityplatform.local.ports import HOST
from cityplatform.local.redis_server import redis_server
from cityplatform.local.services import running
from tests.local.builders import empty_site, running_as


def test_redis_runs_unprivileged_and_wants_its_password():
    with empty_site("redis") as site:
        server = redis_server(site.redis)
        with running(server):
            assert server.process is not None
            assert running_as(server.process.pid) != 0
            with redis.Redis(port=site.ports.redis) as stranger, pytest.raises(redis.AuthenticationError):
                stranger.ping()


def test_queued_tasks_survive_a_restart_of_redis():
    with empty_site("queue", durable=True) as site:
        for step in ("write", "read"):
            with running(redis_server(site.redis)), redis.Redis.from_url(site.redis.url()) as client:
                if step == "write":
                    client.rpush("default", "task")
                else:
                    assert client.lrange("default", 0, -1) == [b"task"]


def test_mosquitto_runs_unprivileged_and_wants_its_password():
    with empty_site("mqtt") as site:
        server = mosquitto_server(site.mosquitto)
        with running(server):
            assert server.process is not None
            assert running_as(server.process.pid) != 0
            with socket.create_connection((HOST, site.ports.mqtt)) as stranger:
                # MQTT 3.1.1 CONNECT without a name; return code 5 is "not authorised"
                stranger.sendall(b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01a")
                assert stranger.recv(4) == b"\x20\x02\x00\x05"


def test_a_server_that_cannot_start_shows_its_last_words():
    with empty_site("broken") as site:
        server = redis_server(site.redis)
        config = server.folder / "redis.conf"
        config.write_text("port nonsense\n", encoding="utf-8")
        with pytest.raises(LocalError, match="Redis did not start") as caught:
            server.start()
        assert "nonsense" in caught.value.problem


def test_servers_stop_in_the_opposite_order_even_when_the_work_between_fails():
    with empty_site("order") as site:
        server = redis_server(site.redis)
        with pytest.raises(subprocess.SubprocessError), running(server):
            raise subprocess.SubprocessError
        assert server.process is None
