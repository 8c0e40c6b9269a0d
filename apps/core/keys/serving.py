"""A key service for one machine: gives the keys of a file to the accounts that may have them.

``python -m apps.core.keys.serving --file /etc/cityplatform/keys --socket /run/cityplatform/keys --uid 1000``
Run it under an account of its own; the kernel tells who calls (SO_PEERCRED), so nobody can pretend.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import socketserver
import struct
from collections.abc import Collection
from pathlib import Path
from typing import Any

from apps.core.keys.custody import KeyRefusedError
from apps.core.keys.files import FileCustody

CREDENTIALS = struct.Struct("3i")  # process, user and group of the caller (unix(7))
LONGEST_QUESTION = 1024


class KeyServer(socketserver.ThreadingUnixStreamServer):
    """Answers callers of ``accounts`` from the keys of ``custody``."""

    daemon_threads = True

    def __init__(self, path: str, *, custody: FileCustody, accounts: Collection[int]) -> None:
        Path(path).unlink(missing_ok=True)
        self.custody, self.accounts = custody, frozenset(accounts)
        super().__init__(path, Caller)


class Caller(socketserver.StreamRequestHandler):
    """One connection: a question a line, an answer a line."""

    def handle(self) -> None:
        """Answer until the caller hangs up."""
        found = self.request.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
        account = CREDENTIALS.unpack(found)[1]
        while line := self.rfile.readline(LONGEST_QUESTION):
            self.wfile.write(json.dumps(self._answer(account, line)).encode() + b"\n")

    def _answer(self, account: int, line: bytes) -> dict[str, Any]:
        server: Any = self.server
        if account not in server.accounts:
            return {"refused": f"account {account} may not have keys"}
        try:
            return answer_of(server.custody, json.loads(line))
        except (KeyRefusedError, ValueError, KeyError, TypeError) as error:
            return {"refused": str(error)}


def answer_of(custody: FileCustody, question: dict[str, Any]) -> dict[str, Any]:
    """The answer to one question; KeyRefusedError, KeyError and the like when there is none."""
    if question["ask"] == "versions":
        return {"versions": list(custody.versions()), "active": custody.active()}
    return {"key": custody.key(int(question["version"])).hex()}


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", required=True, type=Path)
    parser.add_argument("--socket", required=True)
    parser.add_argument("--uid", type=int, action="append", default=[], help="account that may have keys")
    options = parser.parse_args()
    custody = FileCustody(options.file)
    custody.active()  # a wrong file stops the service, not its callers
    with KeyServer(options.socket, custody=custody, accounts=options.uid or [os.getuid()]) as server:
        Path(options.socket).chmod(0o666)  # the kernel's word on the caller decides
        server.serve_forever()


if __name__ == "__main__":
    main()
