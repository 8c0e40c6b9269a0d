"""Root keys kept by another process, asked over a Unix socket: the application's account has no key file.

The protocol is one JSON object a line: ``{"ask": "versions"}`` -> ``{"versions": [1, 2], "active": 2}`` and
``{"ask": "key", "version": 2}`` -> ``{"key": "<hexadecimal>"}``, or ``{"refused": "why"}``. An adapter in
front of a KMS or HSM speaks the same; ``apps.core.keys.serving`` does so for a file of another account.
"""

from __future__ import annotations

import json
import socket
import time
from dataclasses import dataclass, field
from typing import Any

from apps.core.keys.custody import KEY_BYTES, KeyRefusedError

WAIT_SECONDS = 5.0
LOOK_SECONDS = 5.0
LONGEST_ANSWER = 65_536


@dataclass(slots=True)
class ServiceCustody:
    """The keys of a service; each key is asked for once and then remembered in memory only."""

    path: str
    _keys: dict[int, bytes] = field(default_factory=dict)
    _versions: tuple[int, ...] = ()
    _active: int = 0
    _looked: float = -LOOK_SECONDS

    def versions(self) -> tuple[int, ...]:
        """Every version that the service has."""
        self._look()
        return self._versions

    def active(self) -> int:
        """The version that the service calls active."""
        self._look()
        return self._active

    def key(self, version: int) -> bytes:
        """The key of a version; KeyRefusedError carries the reason of the service."""
        if version not in self._keys:
            answer = self._ask({"ask": "key", "version": version})
            try:
                key = bytes.fromhex(answer["key"])
            except (KeyError, TypeError, ValueError):
                key = b""
            if len(key) != KEY_BYTES:
                raise KeyRefusedError(f"The key service at {self.path} gave no key for version {version}.")
            self._keys[version] = key
        return self._keys[version]

    def where(self) -> str:
        """The socket of the service."""
        return f"key service {self.path}"

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return
        answer = self._ask({"ask": "versions"})
        try:
            self._versions = tuple(sorted(int(version) for version in answer["versions"]))
            self._active = int(answer["active"])
        except (KeyError, TypeError, ValueError) as error:
            raise KeyRefusedError(f"The key service at {self.path} gave no list of versions.") from error
        self._looked = now

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        try:
            with socket.socket(socket.AF_UNIX) as caller:
                caller.settimeout(WAIT_SECONDS)
                caller.connect(self.path)
                caller.sendall(json.dumps(question).encode() + b"\n")
                with caller.makefile("rb") as answers:
                    answer = json.loads(answers.readline(LONGEST_ANSWER))
        except (OSError, ValueError) as error:
            raise KeyRefusedError(
                f"The key service at {self.path} does not answer: {error}. "
                "Start it, or name another by KEY_SERVICE."
            ) from error
        if not isinstance(answer, dict) or "refused" in answer:
            reason = answer.get("refused") if isinstance(answer, dict) else "no object"
            raise KeyRefusedError(f"The key service at {self.path} refused: {reason}")
        return answer
