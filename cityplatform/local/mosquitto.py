"""A private Mosquitto: the MQTT broker that devices publish to."""

from __future__ import annotations

import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cityplatform.local.accounts import account_for, folder_make, own, servers_home
from cityplatform.local.passwords import secret_make
from cityplatform.local.ports import HOST
from cityplatform.local.programs import program
from cityplatform.local.server import Server

USER = "cityplatform"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mosquitto:
    """Where one broker lives."""

    var: Path
    port: int

    def url(self) -> str:
        """Connection address with the platform's own account."""
        return f"mqtt://{USER}:{secret_make(self.var / 'secrets', 'mqtt')}@{HOST}:{self.port}"


def mosquitto_server(private: Mosquitto) -> Server:
    """The server with its configuration and password file written."""
    folder, account = servers_home(private.var) / "mosquitto", account_for("mosquitto")
    folder_make(folder, account)
    passwords, config = folder / "passwords", folder / "mosquitto.conf"
    _passwords_write(private, passwords)
    config.write_text(_configuration(private, folder, passwords, account), encoding="utf-8")
    for path in (passwords, config):
        path.chmod(0o600)
        own(path, account)
    return Server(
        name="Mosquitto",
        command=[program("mosquitto", "mosquitto"), "-c", str(config)],
        folder=folder,
        log=private.var / "log" / "mosquitto.log",
        account=account,
        answers=lambda: _answers(private),
    )


def _passwords_write(private: Mosquitto, path: Path) -> None:
    """mosquitto_passwd hashes a plain file in place."""
    path.touch(mode=0o600)
    path.write_text(f"{USER}:{secret_make(private.var / 'secrets', 'mqtt')}\n", encoding="utf-8")
    subprocess.run(
        [program("mosquitto_passwd", "mosquitto"), "-U", str(path)], check=True, capture_output=True
    )


def _configuration(private: Mosquitto, folder: Path, passwords: Path, account: str | None) -> str:
    lines = [
        f"listener {private.port} {HOST}",
        "allow_anonymous false",
        f"password_file {passwords}",
        "persistence true",
        f"persistence_location {folder}/",
        "log_dest stderr",
    ]
    if account is not None:
        lines.append(f"user {account}")
    return "\n".join(lines) + "\n"


def _answers(private: Mosquitto) -> bool:
    try:
        socket.create_connection((HOST, private.port), timeout=2).close()
    except OSError:
        return False
    return True
