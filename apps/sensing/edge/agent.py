"""The loop: lines in, cleaned, thinned by rule, on the disk, confirmed. Sending runs beside it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from apps.sensing.edge.config import Config, SourceConfig
from apps.sensing.edge.forwarding import Forwarder
from apps.sensing.edge.judging import Judge
from apps.sensing.edge.lines import LineReader, Streams, Unreadable
from apps.sensing.edge.packing import Waiting
from apps.sensing.edge.room import MEGABYTE, Room
from apps.sensing.edge.sampling import Sampler, joined
from apps.sensing.edge.sockets import datagram_source, stream_source, unix_source
from apps.sensing.edge.sources import FileSource, Source, StdinSource
from apps.sensing.edge.status import Status, StatusWriter
from apps.sensing.edge.store import FullError, Store

FLUSH_SECONDS = 1.0
GRACE = 5_000_000  # microseconds that a reading may be late before its window is sent without it
FULL_PAUSE = 0.5
MOST_BYTES = 4 << 20  # of one batch: memory stays bounded whatever the lines hold


@dataclass
class Agent:
    """One agent; ``stop`` may be called from a signal handler."""

    config: Config
    status: Status = field(default_factory=Status)
    stopped: bool = False

    def __post_init__(self) -> None:
        config = self.config
        self.store = Store(Path(config.store.path), most_bytes=int(config.store.most_mb * MEGABYTE))
        self.room = Room(self.store, config.store)
        self.streams = Streams(config.most_streams)
        self.judge, self.sampler = Judge(), Sampler()
        self.keys = self.store.streams()
        self.streams.numbers = {key: number for number, key in enumerate(self.keys)}
        self._learn(self.keys)
        if packed := self.store.state("sampler"):
            self.sampler.unpack(packed)
        self.lines = LineReader(config.source, self.streams)
        self.source = source_open(config.source, self.store.state("position"))
        self.writer = StatusWriter(config.status, self.status, self.room)
        self._flush_due = 0.0

    def run(self) -> None:
        """Work until stopped, or until the source has ended and everything is sent."""
        forwarder = Forwarder(self.store, self.config.gateway, keys=self.keys, status=self.status)
        forwarder.start()
        try:
            while not self.stopped and not self.source.ended:
                self.turn()
            if not self.stopped:
                self._drain()
        finally:
            self.source.close()
            forwarder.stop()
            self.status.state = "ended"
            self.writer.write(now=True)
            self.store.close()

    def turn(self) -> None:
        """One batch: read for a moment, store, confirm."""
        self.writer.write()
        self.room.reserve()
        if not self.room.make():
            self._wait_for_room("the store has reached its limit")
            return
        self.status.state = "running"
        self._store(self._gathered())

    def _gathered(self) -> list[bytes]:
        """Lines until there are enough of them, or of their bytes, or the time is up."""
        lines: list[bytes] = []
        size, ends = 0, time.monotonic() + self.config.batch_seconds
        while len(lines) < self.config.batch_lines and size < MOST_BYTES and not self.source.ended:
            left = ends - time.monotonic()
            if left <= 0:
                break
            fresh = self.source.read(left)
            size += sum(map(len, fresh))
            lines += fresh
        return lines

    def _store(self, lines: list[bytes]) -> None:
        batch, broken = self.lines.read(lines)
        fresh = [key for number, key in self.streams.fresh if number >= len(self.keys)]
        self.keys += fresh
        self._learn(fresh)
        judged = self.judge.judge(batch)
        kept, flagged = self.sampler.sample(judged.batch, judged.flagged)
        waiting = self._with_closed(Waiting(kept, flagged))
        if lines or len(waiting):
            if not self._keep(waiting, broken):
                return
            self.status.lines += len(lines)
            self.status.taken += len(waiting)
            self.status.unreadable += len(broken)
            self.status.flagged += int(judged.flagged.sum())
        self.source.taken()

    def _keep(self, waiting: Waiting, broken: list[Unreadable]) -> bool:
        """Commit, while the disk is full wait for room; False when the agent was stopped before."""
        states = {"sampler": self.sampler.pack(), "position": self.source.position()}
        while not self.stopped:
            try:
                self.store.take(waiting, streams=self.streams.fresh, states=states, unreadable=broken)
            except FullError as error:
                if not self.room.release():
                    self._wait_for_room(str(error))
                continue
            self.streams.fresh.clear()
            return True
        return False

    def _with_closed(self, waiting: Waiting) -> Waiting:
        """The batch and the windows that are over by the clock, looked for once a second."""
        if time.monotonic() < self._flush_due and not self.source.ended:
            return waiting
        self._flush_due = time.monotonic() + FLUSH_SECONDS
        until = int(time.time() * 1_000_000) - GRACE
        closed = self.sampler.flush(np.iinfo(np.int64).max if self.source.ended else until)
        marks = np.concatenate([waiting.flagged, np.zeros(len(closed), bool)])
        return Waiting(joined(waiting.batch, closed), marks)

    def _learn(self, keys: list[str]) -> None:
        rules = [self.config.rule_for(key) for key in keys]
        self.judge.learn(rules)
        self.sampler.learn(rules)

    def _wait_for_room(self, reason: str) -> None:
        self.status.state, self.status.error = "full", reason
        self.writer.write()
        time.sleep(FULL_PAUSE)

    def _drain(self) -> None:
        """After the end of the source: wait until everything is sent, or the time for it is up."""
        ends = time.monotonic() + self.config.drain
        while self.store.backlog and time.monotonic() < ends and not self.stopped:
            self.writer.write()
            time.sleep(0.05)


def source_open(config: SourceConfig, position: bytes) -> Source:
    """The source of the configuration."""
    if config.kind == "tcp":
        return stream_source(config.address)
    if config.kind == "udp":
        return datagram_source(config.address)
    if config.kind == "unix":
        return unix_source(Path(config.address))
    return FileSource(Path(config.address), position) if config.kind == "file" else StdinSource()
