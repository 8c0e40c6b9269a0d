"""Small panels and sizes for tests that must end within seconds."""

from __future__ import annotations

import numpy as np

from apps.training.nets.config import MixerConfig, TrainConfig
from apps.training.nets.panel import Panel

SMALL_TRAIN = TrainConfig(epochs=3, batch=32, seed=3)


def wavy_panel(*, days: int = 6, nodes: int = 4, noise: float = 1.0, step: int = 1800) -> Panel:
    """Series with a daily wave, node offsets and noise; starts on a Monday at midnight."""
    rng = np.random.default_rng(1)
    hours = np.arange(days * 86_400 // step) * step / 3600
    wave = 10 * np.sin(2 * np.pi * hours / 24)[:, None]
    values = 50 + wave + np.arange(nodes) + rng.normal(0, noise, (len(hours), nodes))
    return Panel(values.astype(np.float32), first=4 * 86_400, step=step)


def small_net(panel: Panel, *, history: int = 6, horizon: int = 4) -> MixerConfig:
    """A network of a few thousand weights."""
    return MixerConfig(
        nodes=panel.values.shape[1],
        steps_in=history,
        steps_out=horizon,
        hidden=16,
        blocks=1,
        node_width=4,
        part_width=4,
    )
