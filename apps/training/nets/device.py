"""Where to compute."""

from __future__ import annotations

import os

import torch


def device_best() -> str:
    """The first GPU; where there is none the CPU, half of whose cores are left to the other processes."""
    if torch.cuda.is_available():
        return "cuda"
    torch.set_num_threads(max(1, (os.cpu_count() or 1) // 2))
    return "cpu"
