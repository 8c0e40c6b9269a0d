"""A private Mosquitto: the MQTT broker that devices publish to."""

from __future__ import annotations

import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cityplatform.local.accounts import account_for, folder_make, own, servers_home
from cityplatform.local.errors import LocalError
from cityplatform.local.passwords import secret_make
from cityplatform.local.ports import HOST
from cityplatform.local.programs import program
from cityplatform.local.server import Server

USER = "cityplatform"
PLUGIN = "mosquitto_dynamic_security.so"
LIMITS = (  # the same as in docker/mosquitto/mosquitto.conf
    "persistence true",
    "autosave_interval 5",  # seconds of queued messages that a crash of the broker itself may cost
    "max_queued_messages 1000000",
    "max_inflight_messages 0",  # the door's own receive maximum counts
    "message_size_limit 20971520",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mosquitto:
    """Where one broker lives."""

    var: Path
    port: int

    def url(self) -> str:
        """Connection address with the platform's own account."""
        return f"mqtt://{USER}:{secret_make(self.var / 'secrets', 'mqtt')}@{HOST}:{self.port}"


def mosquitto_server(private: Mosquitto) -> Server:
    """The server with its configuration written; accounts are kept by its dynamic security plugin."""
    folder, account = servers_home(private.var) / "mosquitto", account_for("mosquitto")
    folder_make(folder, account)
    accounts, config = folder / "accounts.json", folder / "mosquitto.conf"
    if not accounts.exists():
        _accounts_make(private, accounts)
    config.write_text(_configuration(private, folder, accounts, account), encoding="utf-8")
    for path in (accounts, config):
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


def _accounts_make(private: Mosquitto, path: Path) -> None:
    """The platform's own account, which may make all others."""
    password = secret_make(private.var / "secrets", "mqtt")
    control = [program("mosquitto_ctrl", "mosquitto"), "dynsec", "init", str(path), USER, password]
    subprocess.run(control, check=True, capture_output=True)


def _plugin() -> Path:
    """Where the package has put the plugin."""
    for folder in (Path("/usr/lib"), Path("/usr/local/lib")):
        for path in (folder / PLUGIN, *sorted(folder.glob(f"*/{PLUGIN}"))):
            if path.exists():
                return path
    raise LocalError(
        f"{PLUGIN} is not installed.", "Run 'sudo apt-get install mosquitto', or 'make run' again."
    )


def _configuration(private: Mosquitto, folder: Path, accounts: Path, account: str | None) -> str:
    lines = [
        f"listener {private.port} {HOST}",
        "allow_anonymous false",
        f"plugin {_plugin()}",
        f"plugin_opt_config_file {accounts}",
        *LIMITS,
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
