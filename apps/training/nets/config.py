"""Frozen settings of a network and of its training; both are stored with every run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MixerConfig:
    """Size of the forecaster; ``day_width`` 0 leaves the weekday out (under two weeks of data)."""

    nodes: int
    steps_in: int = 12
    steps_out: int = 12
    day_parts: int = 48  # half hours: a finer clock learns noise from few days
    hidden: int = 96
    blocks: int = 3
    node_width: int = 64
    part_width: int = 32
    day_width: int = 0
    dropout: float = 0.15


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """How long and how fast; ``seed`` fixes weights, order of batches and dropout."""

    epochs: int = 40
    batch: int = 16
    windows: int = 1500  # at most so many windows an epoch, drawn anew each time
    rate: float = 4e-3
    weight_decay: float = 0.1
    patience: int = 15  # the rate falls until the end, so late epochs often bring the best
    averaging: float = 0.99
    clip: float = 5.0
    seed: int = 7


@dataclass(frozen=True, slots=True)
class PrivacyConfig:
    """What DP-SGD promises, the norm to which gradients are clipped, and the public bounds of the reading."""

    epsilon: float
    delta: float
    clip: float
    low: float
    high: float
