"""What a person writes into ``edge.toml``; see docs/operations.md for an example."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from math import nan
from pathlib import Path
from typing import Literal

import msgspec

Keep = Literal["all", "mean", "last", "minmax"]


class Strict(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A table of the file; a word that nobody knows is an error, not a silent default."""


class SourceConfig(Strict, frozen=True):
    """Where readings come from: ``address`` is a path, ``host:port``, or nothing for stdin."""

    kind: Literal["stdin", "tcp", "udp", "unix", "file"]
    address: str = ""
    format: Literal["json", "csv"] = "json"
    columns: tuple[str, ...] = ("datastream", "phenomenonTime", "result")  # of CSV, in their order
    names: dict[str, str] = {}  # our field -> the field of the JSON line, where it differs


class GatewayConfig(Strict, frozen=True):
    """Where readings go; the key is read from a file or from a variable, never from this file."""

    url: str
    key_file: str = ""
    key_variable: str = "EDGE_KEY"
    ca_file: str = ""
    gzip: bool = True
    rows: int = 10_000  # of one body
    timeout: float = 30.0
    longest_pause: float = 60.0  # s between two attempts while the line is down

    def key(self) -> str:
        """The API key; ValueError says where it was looked for."""
        if self.key_file:
            return Path(self.key_file).read_text(encoding="utf-8").strip()
        if key := os.environ.get(self.key_variable, ""):
            return key
        raise ValueError(f"gateway: give key_file, or set {self.key_variable}.")


class StoreConfig(Strict, frozen=True):
    """Where readings wait, and how much room they may take."""

    path: str
    most_mb: float = 512.0
    free_mb: float = 64.0  # leave this much of the disk to others
    when_full: Literal["thin", "stop"] = "thin"


class Rule(Strict, frozen=True):
    """What happens to the streams whose key fits ``match``; the first rule that fits counts.

    Seconds for ``every``, ``heartbeat``, ``stuck_after``, ``max_age`` and ``clock``; the stream's unit for
    the others.
    """

    match: str
    keep: Keep = "all"
    every: float = 60.0
    dead_band: float = nan
    heartbeat: float = 900.0
    low: float = nan
    high: float = nan
    max_step: float = nan
    stuck_after: float = nan
    max_age: float = nan
    spike: float = nan  # robust deviations from the median of the last values
    clock: float = nan


class StatusConfig(Strict, frozen=True):
    """Where the agent says how it is."""

    file: str = ""
    every: float = 10.0


class Config(Strict, frozen=True):
    """The whole file."""

    source: SourceConfig
    gateway: GatewayConfig
    store: StoreConfig
    status: StatusConfig = StatusConfig()
    rule: tuple[Rule, ...] = ()
    batch_lines: int = 10_000
    batch_seconds: float = 0.2
    most_streams: int = 50_000
    drain: float = 30.0  # s to send what is left after the source has ended

    def rule_for(self, key: str) -> Rule:
        """The first rule that fits a stream's key; one that keeps everything when none does."""
        return next((rule for rule in self.rule if fnmatchcase(key, rule.match)), PLAIN)


PLAIN = Rule(match="*")


def config_read(path: Path) -> Config:
    """The configuration; ValueError names the entry that does not fit."""
    try:
        config = msgspec.toml.decode(path.read_bytes(), type=Config)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise ValueError(f"{path}: {error}") from error
    if config.source.kind != "stdin" and not config.source.address:
        raise ValueError(f"{path}: source: give an address for {config.source.kind}.")
    if any(rule.every < 1 for rule in config.rule):
        raise ValueError(f"{path}: rule: every must be at least 1 second.")
    config.gateway.key()
    return config
