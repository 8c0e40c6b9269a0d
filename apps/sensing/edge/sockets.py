"""Lines over the network of the house: TCP and Unix sockets answer what is safe, UDP cannot."""

from __future__ import annotations

import selectors
import socket
from dataclasses import dataclass, field
from pathlib import Path

from apps.sensing.edge.sources import CHUNK, Splitter

CLIENTS_MOST = 256
DATAGRAMS = 2000  # of one round
DATAGRAM = 1 << 16
RECEIVE_BUFFER = 4 << 20  # bytes that the kernel keeps of datagrams while a batch is stored


@dataclass
class Client:
    """One connection: lines handed over, and lines it was told are safe."""

    peer: socket.socket
    splitter: Splitter = field(default_factory=Splitter)
    lines: int = 0
    told: int = 0


class StreamSource:
    """A listener; after each commit a client hears ``{"taken": n}``, the lines of its connection so far."""

    def __init__(self, listener: socket.socket, path: Path | None = None) -> None:
        self.ended, self._listener, self._path = False, listener, path
        self._clients: dict[int, Client] = {}
        self._selector = selectors.DefaultSelector()
        listener.settimeout(0)
        self._selector.register(listener, selectors.EVENT_READ)

    def read(self, seconds: float) -> list[bytes]:
        """The lines at hand of all clients."""
        lines: list[bytes] = []
        for key, _events in self._selector.select(seconds):
            client = self._clients.get(key.fd)
            if client is None:
                self._accept()
            else:
                lines += self._receive(client)
        return lines

    def position(self) -> bytes:
        """Clients send again what was not confirmed."""
        return b""

    def taken(self) -> None:
        """Tell each client; one that does not listen hears the sum later."""
        for client in [each for each in self._clients.values() if each.told < each.lines]:
            try:
                client.peer.send(b'{"taken":%d}\n' % client.lines)
                client.told = client.lines
            except BlockingIOError:
                continue
            except OSError:
                self._forget(client)

    def close(self) -> None:
        """Close everything."""
        for client in list(self._clients.values()):
            self._forget(client)
        self._selector.close()
        self._listener.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        try:
            peer, _address = self._listener.accept()
        except OSError:
            return
        if len(self._clients) >= CLIENTS_MOST:
            peer.close()
            return
        peer.settimeout(0)
        self._clients[peer.fileno()] = Client(peer)
        self._selector.register(peer, selectors.EVENT_READ)

    def _receive(self, client: Client) -> list[bytes]:
        try:
            data = client.peer.recv(CHUNK)
        except BlockingIOError:
            return []
        except OSError:
            data = b""
        if not data:
            self._forget(client)  # a line without its end may have been cut off
            return []
        lines = client.splitter.split(data)
        client.lines += len(lines)
        return lines

    def _forget(self, client: Client) -> None:
        self._clients.pop(client.peer.fileno(), None)
        self._selector.unregister(client.peer)
        client.peer.close()


class DatagramSource:
    """UDP: each datagram holds one or more lines; what the kernel drops nobody knows of."""

    def __init__(self, listener: socket.socket) -> None:
        self.ended, self._listener = False, listener
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        listener.settimeout(0)
        self._selector = selectors.DefaultSelector()
        self._selector.register(listener, selectors.EVENT_READ)

    def read(self, seconds: float) -> list[bytes]:
        """The lines at hand."""
        lines: list[bytes] = []
        if self._selector.select(seconds):
            for _turn in range(DATAGRAMS):
                try:
                    lines += self._listener.recv(DATAGRAM).split(b"\n")
                except BlockingIOError:
                    break
        return lines

    def position(self) -> bytes:
        """Nothing to go back to."""
        return b""

    def taken(self) -> None:
        """Nobody listens."""

    def close(self) -> None:
        """Close the port."""
        self._selector.close()
        self._listener.close()


def stream_source(address: str) -> StreamSource:
    """A TCP listener on ``host:port``."""
    host, _, port = address.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return StreamSource(socket.create_server((host.strip("[]"), int(port)), family=family, backlog=64))


def unix_source(path: Path) -> StreamSource:
    """A Unix socket; one that a killed agent left behind is replaced."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen(64)
    return StreamSource(listener, path)


def datagram_source(address: str) -> DatagramSource:
    """A UDP port on ``host:port``."""
    host, _, port = address.rpartition(":")
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind((host.strip("[]"), int(port)))
    return DatagramSource(listener)
