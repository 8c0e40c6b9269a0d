"""Where to compute."""

from __future__ import annotations

import torch


def device_best() -> str:
    """The first GPU, or the CPU where there is none."""
    return "cuda" if torch.cuda.is_available() else "cpu"
