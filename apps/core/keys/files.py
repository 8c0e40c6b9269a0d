"""Root keys in a file: a line a version (number, 32 bytes in hexadecimal); the highest is active."""

from __future__ import annotations

import os
import secrets
import stat
import time
from dataclasses import dataclass, field
from pathlib import Path

from apps.core.keys.custody import KEY_BYTES, KeyRefusedError

HEAD = (
    "# Root keys of CityPlatform. Keep a copy apart from the backups: without it encrypted fields are lost.\n"
)
LOOK_SECONDS = 1.0  # how long a process may not notice a new version
MOUNTED = Path("/run/secrets")  # container secrets have the mode that the container gives them


@dataclass(slots=True)
class FileCustody:
    """The keys of a file that only its owner can read; a version added to it is noticed within a second."""

    path: Path
    _keys: dict[int, bytes] = field(default_factory=dict)
    _seen: tuple[int, int] = (0, 0)  # modification time and size of what was read
    _looked: float = -LOOK_SECONDS

    def versions(self) -> tuple[int, ...]:
        """Every version in the file."""
        return tuple(sorted(self._read()))

    def active(self) -> int:
        """The highest version."""
        return max(self._read())

    def key(self, version: int) -> bytes:
        """The key of a version; KeyRefusedError names version and file."""
        found = self._read().get(version)
        if found is None:
            self._looked = -LOOK_SECONDS  # another process may have added it this very moment
            found = self._read().get(version)
        if found is None:
            raise KeyRefusedError(
                f"Version {version} of the root key is not in {self.path}. "
                "Put its line back from your copy of the file: what it encrypted cannot be read without it."
            )
        return found

    def where(self) -> str:
        """The file."""
        return str(self.path)

    def _read(self) -> dict[int, bytes]:
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return self._keys
        try:
            found = self.path.stat()
            if (found.st_mtime_ns, found.st_size) != self._seen:
                _require_private(self.path, found)
                self._keys = keys_parse(self.path.read_text(encoding="ascii"), str(self.path))
                self._seen = (found.st_mtime_ns, found.st_size)
        except (OSError, UnicodeDecodeError) as error:
            raise KeyRefusedError(
                f"The file with the root keys, {self.path}, cannot be read: {error}. Put it back from your "
                "copy (KEYS_FILE names another place); a new installation makes it by 'manage.py keys_new'."
            ) from error
        self._looked = now
        return self._keys


def _require_private(path: Path, found: os.stat_result) -> None:
    if stat.S_IMODE(found.st_mode) & 0o077 and MOUNTED not in path.parents:
        raise KeyRefusedError(
            f"Others can read the root keys in {path}. Close the file (chmod 600) and change the keys "
            "(manage.py keys_new, then manage.py keys_rotate) if somebody may have read it."
        )


def keys_parse(text: str, where: str) -> dict[int, bytes]:
    """Version -> key of the lines of a key file; KeyRefusedError names the line that is wrong."""
    keys: dict[int, bytes] = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            version, key = _line_read(*words)
        except (TypeError, ValueError):
            version, key = 0, b""
        if version < 1 or len(key) != KEY_BYTES or version in keys:
            raise KeyRefusedError(
                f"Line {number} of {where} is no root key. A line is a version that no other line has and "
                f"{KEY_BYTES} bytes in hexadecimal; put the file back from your copy."
            )
        keys[version] = key
    if not keys:
        raise KeyRefusedError(f"There is no root key in {where}. Put the file back from your copy.")
    return keys


def _line_read(version: str, key: str) -> tuple[int, bytes]:
    return int(version), bytes.fromhex(key)


def key_file_make(path: Path) -> bool:
    """Make a file with a first key, unless there is one; returns whether it was made."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(HEAD + _line(1))
        file.flush()
        os.fsync(file.fileno())
    return True


def key_file_add(path: Path) -> int:
    """Append a key of the next version, which is active from then on; returns its version."""
    version = 1 + max(keys_parse(path.read_text(encoding="ascii"), str(path)))
    with path.open("a", encoding="ascii") as file:
        file.write(_line(version))
        file.flush()
        os.fsync(file.fileno())
    return version


def _line(version: int) -> str:
    return f"{version} {secrets.token_hex(KEY_BYTES)}\n"
