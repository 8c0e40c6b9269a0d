"""Which ports this installation uses, and whether they are free."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass, fields

from cityplatform.local.errors import LocalError

HOST = "127.0.0.1"
PORT_LIMIT = 65536
TEST_PORTS = range(12_000, 32_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Every port that ``make run`` opens; the variable in the environment is ``<FIELD>_PORT``."""

    web: int = 8700
    gateway: int = 8701
    postgres: int = 8732
    redis: int = 8779
    mqtt: int = 8783
    tensorboard: int = 8706

    def pairs(self) -> list[tuple[str, int]]:
        """Pairs of name and number."""
        return [(field.name, getattr(self, field.name)) for field in fields(self)]


def ports_from(environ: Mapping[str, str]) -> Ports:
    """The default ports, each replaced by its variable where that is set."""
    chosen = {}
    for name, _number in Ports().pairs():
        variable = f"{name.upper()}_PORT"
        if value := environ.get(variable):
            chosen[name] = _number_of(variable, value)
    return Ports(**chosen)


def _number_of(variable: str, value: str) -> int:
    if value.isdecimal() and 0 < int(value) < PORT_LIMIT:
        return int(value)
    raise LocalError(
        f"{variable} is {value!r}, which is no port.", f"Set {variable} to a number below 65536."
    )


def free_ports() -> Ports:
    """Ports that nobody uses right now, for tests.

    Drawn at random below those that the kernel gives to outgoing connections: neither one of these nor
    another test process takes a port before its server does.
    """
    numbers: dict[str, int] = {}
    for name, _number in Ports().pairs():
        while (port := secrets.choice(TEST_PORTS)) in numbers.values() or is_taken(port):
            pass
        numbers[name] = port
    return Ports(**numbers)


def is_taken(port: int) -> bool:
    """Whether somebody listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def require_free(ports: Ports) -> None:
    """Stop with one message that names every port in the way."""
    if len({number for _name, number in ports.pairs()}) < len(ports.pairs()):
        raise LocalError(f"Two services have the same port: {ports}.", "Give each *_PORT its own number.")
    taken = [(name, number) for name, number in ports.pairs() if is_taken(number)]
    if not taken:
        return
    listed = ", ".join(f"{number} ({name})" for name, number in taken)
    other = " ".join(f"{name.upper()}_PORT={_next_free(number)}" for name, number in taken)
    raise LocalError(
        f"These ports on {HOST} are used by another program: {listed}.",
        f"Stop that program, or choose other ports:  make run {other}",
    )


def _next_free(port: int) -> int:
    return next(other for other in range(port + 1000, PORT_LIMIT) if not is_taken(other))
