"""A panel as tensors: normalised, gaps filled and marked, ready to be cut into batches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from apps.training.nets.panel import DAY, Floats, Indices, Panel, filled


@dataclass(frozen=True, slots=True)
class Scale:
    """Mean and deviation of every series (N,), taken from the fitting part only."""

    mean: Floats
    deviation: Floats

    @staticmethod
    def of(values: Floats) -> Scale:
        """Scale of ``values`` (L, N); one deviation for all, so that quiet series are not blown up."""
        seen = np.isfinite(values)
        count = np.maximum(seen.sum(axis=0), 1)
        mean = np.nan_to_num(values).sum(axis=0) / count
        deviation = float(np.sqrt(np.mean(np.where(seen, values - mean, 0.0) ** 2)))
        return Scale(mean.astype(np.float32), np.full(len(mean), max(deviation, 1e-6), dtype=np.float32))


@dataclass(frozen=True, slots=True)
class Batch:
    """Inputs (B, T, N), their mask, time identities (B,), and targets (B, H, N) with their mask."""

    values: Tensor
    seen: Tensor
    part: Tensor
    day: Tensor
    target: Tensor
    known: Tensor


class Samples:
    """Cuts batches out of one panel; everything stays on ``device``."""

    def __init__(self, panel: Panel, scale: Scale, *, day_parts: int, device: str = "cpu") -> None:
        rows = np.arange(len(panel.values))
        normal = (filled(panel.values, fallback=scale.mean) - scale.mean) / scale.deviation
        self.values = torch.from_numpy(normal.astype(np.float32)).to(device)  # (L, N)
        self.seen = torch.from_numpy(np.isfinite(panel.values).astype(np.float32)).to(device)  # (L, N)
        self.part = torch.from_numpy(panel.clock(rows) % DAY * day_parts // DAY).to(device)  # (L,)
        self.day = torch.from_numpy(panel.day(rows)).to(device)  # (L,)

    def batch(self, starts: Indices, *, history: int, horizon: int) -> Batch:
        """The windows that begin at ``starts``; targets beyond the end of the panel are unknown."""
        first = torch.from_numpy(starts).to(self.values.device)[:, None]
        past = first + torch.arange(history, device=first.device)
        ahead = first + history + torch.arange(horizon, device=first.device)
        inside = ahead.clamp_max(len(self.values) - 1)
        known = self.seen[inside] * (ahead < len(self.values))[:, :, None]
        last = past[:, -1]
        return Batch(
            self.values[past], self.seen[past], self.part[last], self.day[last], self.values[inside], known
        )
