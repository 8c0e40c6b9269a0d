"""Where lines come from. A source hands over lines, and hears when they are safe."""

from __future__ import annotations

import os
import selectors
import stat
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec

LONGEST = 1 << 16  # bytes of one line; a longer one is cut into pieces that nobody can read
CHUNK = 1 << 16


class Source(Protocol):
    """What the agent needs of a source."""

    ended: bool

    def read(self, seconds: float) -> list[bytes]:
        """The lines at hand; waits at most ``seconds`` for the first."""

    def position(self) -> bytes:
        """Where to go on after a restart, once the lines handed over so far are safe."""

    def taken(self) -> None:
        """The lines handed over so far are safe."""

    def close(self) -> None:
        """Give up what is open."""


@dataclass
class Splitter:
    """Bytes into lines; the part behind the last line end waits for the rest."""

    rest: bytes = b""

    def split(self, data: bytes) -> list[bytes]:
        """The lines that are complete now."""
        *lines, self.rest = (self.rest + data).split(b"\n")
        if len(self.rest) > LONGEST:
            lines.append(self.rest)
            self.rest = b""
        return lines

    def end(self) -> list[bytes]:
        """What is left at the end, as a line."""
        rest, self.rest = self.rest, b""
        return [rest] if rest else []


class StdinSource:
    """Lines on standard input; who writes cannot hear what is safe, so the pipe must not be the only copy."""

    def __init__(self) -> None:
        self.ended, self._splitter = False, Splitter()
        self._selector = selectors.DefaultSelector()
        self._is_file = stat.S_ISREG(os.fstat(0).st_mode)  # a file is always ready
        if not self._is_file:
            self._selector.register(0, selectors.EVENT_READ)

    def read(self, seconds: float) -> list[bytes]:
        """The lines at hand."""
        if not self._is_file and not self._selector.select(seconds):
            return []
        data = os.read(0, CHUNK)
        self.ended = not data
        return self._splitter.split(data) if data else self._splitter.end()

    def position(self) -> bytes:
        """Nothing to go back to."""
        return b""

    def taken(self) -> None:
        """Nobody listens."""

    def close(self) -> None:
        """Stop waiting."""
        self._selector.close()


class FileSource:
    """A file that grows and is rotated: its inode and offset are kept, so that each line is taken once."""

    def __init__(self, path: Path, position: bytes) -> None:
        self.ended, self._path, self._splitter = False, path, Splitter()
        known = msgspec.json.decode(position or b"[0, 0]", type=tuple[int, int])
        self._inode, self._offset = known
        self._handle: int | None = None

    def read(self, seconds: float) -> list[bytes]:
        """The lines at hand."""
        self._handle = self._open() if self._handle is None else self._handle
        if self._handle is None:
            time.sleep(seconds)
            return []
        data = os.pread(self._handle, CHUNK, self._offset)
        if not data:
            return self._at_end(seconds)
        self._offset += len(data)
        return self._splitter.split(data)

    def position(self) -> bytes:
        """Inode, and the offset behind the last complete line."""
        return msgspec.json.encode((self._inode, self._offset - len(self._splitter.rest)))

    def taken(self) -> None:
        """The file needs no answer."""

    def close(self) -> None:
        """Close the file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _open(self) -> int | None:
        """The file, or the one that it was before a rotation while that has lines which nobody took."""
        path = self._rotated() or self._path
        try:
            handle = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            return None
        facts = os.fstat(handle)
        if facts.st_ino != self._inode or facts.st_size < self._offset:
            self._inode, self._offset = facts.st_ino, 0
        self._splitter.rest = b""
        return handle

    def _rotated(self) -> Path | None:
        """A neighbour whose name begins alike, with our inode and more than we have read."""
        for path in self._path.parent.glob(f"{self._path.name}?*") if self._inode else ():
            facts = path.stat()
            if facts.st_ino == self._inode and facts.st_size > self._offset:
                return path
        return None

    def _at_end(self, seconds: float) -> list[bytes]:
        """Look whether the file was rotated or cut; what is left of the old one is its last line."""
        try:
            facts = self._path.stat()
        except FileNotFoundError:
            facts = None
        if facts is not None and (facts.st_ino != self._inode or facts.st_size < self._offset):
            self.close()
            return self._splitter.end()
        time.sleep(seconds)
        return []
