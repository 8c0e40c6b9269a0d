"""How the agent is, as one line of JSON on stderr and as a file that is replaced as a whole."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import msgspec

from apps.sensing.edge.config import StatusConfig
from apps.sensing.edge.room import MEGABYTE, Room

COUNTED = {  # what the gateway counts -> what it is here
    "stored": "forwarded",
    "repeated": "repeated",
    "conflict": "conflict",
    "quarantined": "quarantined",
}


@dataclass
class Status:
    """Counts since the start, and what is wrong."""

    state: str = "running"  # running | full | ended
    line: str = "up"  # up | line down | denied | full
    error: str = ""
    lines: int = 0
    taken: int = 0  # readings stored, after down-sampling
    unreadable: int = 0
    flagged: int = 0  # readings that broke a quality rule
    forwarded: int = 0
    repeated: int = 0
    conflict: int = 0  # with another value than the stored one
    quarantined: int = 0
    refused: int = 0
    started_at: float = field(default_factory=time.time)

    def hear(self, answer: bytes) -> None:
        """Count what the gateway says."""
        self.line, self.error = "up", ""
        try:
            body = msgspec.json.decode(answer, type=dict[str, object])
        except msgspec.DecodeError:
            return
        for key, name in COUNTED.items():
            value = body.get(key)
            setattr(self, name, getattr(self, name) + (value if isinstance(value, int) else 0))


@dataclass
class StatusWriter:
    """Writes the status every so many seconds."""

    config: StatusConfig
    status: Status
    room: Room
    _due: float = 0.0

    def write(self, *, now: bool = False) -> None:
        """Write when it is time, or ``now``; a full disk costs the file and not the agent."""
        if not now and time.monotonic() < self._due:
            return
        self._due = time.monotonic() + self.config.every
        line = msgspec.json.encode(self._facts())
        sys.stderr.write(line.decode() + "\n")
        sys.stderr.flush()
        if self.config.file:
            _replace(Path(self.config.file), line)

    def _facts(self) -> dict[str, object]:
        store = self.room.store
        return {
            "at": round(time.time(), 3),
            **asdict(self.status),
            "backlog": store.backlog,
            "oldest_s": round(store.oldest_age(), 1),
            "given_up": self.room.given_up,
            "disk_mb": round(store.used_bytes() / MEGABYTE, 1),
            "room_mb": round(self.room.left() / MEGABYTE, 1),
            "peak_rss_mb": peak_rss_mb(),
        }


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        sys.stderr.write(f"status file: {error}\n")


def peak_rss_mb() -> float:
    """The most memory that this process has held; ``getrusage`` would count the process that started it."""
    text = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return next(
        (round(int(row.split()[1]) / 1024, 1) for row in text.splitlines() if row[:6] == "VmHWM:"), 0.0
    )
