"""Room on the disk: when it gets short, old readings are thinned, or nothing more is taken."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from math import inf
from pathlib import Path

from apps.sensing.edge.config import StoreConfig
from apps.sensing.edge.store import FullError, Store
from apps.sensing.edge.thinning import store_thin

MEGABYTE = 1 << 20
NEEDED = MEGABYTE  # for the next batch and its write-ahead log
RESERVE = 2 * MEGABYTE  # given up when others fill the disk, so that there is room to thin in
HOLD_SECONDS = 60.0
ROUNDS = 20  # of thinning before each batch; more would keep the source waiting


@dataclass
class Room:
    """Keeps some room free in the store and on its disk; ``given_up`` counts readings."""

    store: Store
    config: StoreConfig
    given_up: int = 0
    _held_until: float = inf

    def make(self) -> bool:
        """Whether there is room for one more batch, after thinning where that is wished."""
        if time.monotonic() > self._held_until:
            self.store.limit(int(self.config.most_mb * MEGABYTE))
            self._held_until = inf
        for _round in range(ROUNDS):
            if self.left() >= NEEDED:
                return True
            if self.config.when_full == "stop" or not self._thin():
                return self.left() >= NEEDED
        return True

    def release(self) -> bool:
        """The disk is full in spite of all: give up the reserve and thin; whether that gave any room.

        The file is held at its size for a while, since pages that exist only in the write-ahead log of a
        full disk could never be moved into the file.
        """
        self.store.limit()
        self._held_until = time.monotonic() + HOLD_SECONDS
        had_reserve = self._reserve.exists()
        self._reserve.unlink(missing_ok=True)
        return (self.config.when_full == "thin" and self._thin()) or had_reserve

    def reserve(self) -> None:
        """Lay the reserve by, if it is not there and there is room for it."""
        if self._reserve.exists() or self.left() < NEEDED + RESERVE:
            return
        try:
            with self._reserve.open("wb") as handle:
                os.posix_fallocate(handle.fileno(), 0, RESERVE)
        except OSError:
            self._reserve.unlink(missing_ok=True)

    def left(self) -> int:
        """Bytes that the next batches may take, with what the file holds free already."""
        permitted, held = self.store.room()
        disk = shutil.disk_usage(self.store.path.parent).free - int(self.config.free_mb * MEGABYTE)
        return min(permitted, held + max(0, disk))

    @property
    def _reserve(self) -> Path:
        return self.store.path.with_name(self.store.path.name + ".reserve")

    def _thin(self) -> bool:
        try:
            gone = store_thin(self.store)
        except FullError:
            return False
        self.given_up += gone
        return gone > 0
