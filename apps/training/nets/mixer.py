"""The forecaster: one multi-layer perceptron shared by all series, told where and when it is.

After STID (Shao et al., CIKM 2022): learned identities of the node, the time of day and the weekday
stand in for a recurrent network. Neighbours enter as the graph average of the input window.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from apps.training.nets.config import MixerConfig

SMALLEST_SPREAD = 1e-3  # in normalised units: keeps scores finite


class Residual(nn.Module):
    """x + MLP(norm(x)): (..., width) -> (..., width)."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.LayerNorm(width),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(width, width),
        )

    def forward(self, x: Tensor) -> Tensor:
        """The input corrected by what the two layers found."""
        correction: Tensor = self.body(x)
        return x + correction


class GraphMixer(nn.Module):
    """(B, T, N) normalised values and a mask of what was seen -> (B, H, N) forecast and spread."""

    adjacency: Tensor

    def __init__(self, config: MixerConfig, adjacency: Tensor) -> None:
        super().__init__()
        self.config = config
        weights = adjacency / adjacency.sum(dim=1, keepdim=True).clamp_min(1e-6)
        self.register_buffer("adjacency", weights)  # (N, N), rows sum to 1
        self.nodes = nn.Embedding(config.nodes, config.node_width)
        self.parts = nn.Embedding(config.day_parts, config.part_width)
        self.days = nn.Embedding(7, config.day_width) if config.day_width else None
        identity = config.node_width + config.part_width + config.day_width
        self.entry = nn.Linear(3 * config.steps_in + identity, config.hidden)
        self.blocks = nn.Sequential(*(Residual(config.hidden, config.dropout) for _ in range(config.blocks)))
        self.change = nn.Linear(config.hidden, config.steps_out)
        self.spread = nn.Linear(config.hidden, config.steps_out)

    def forward(self, values: Tensor, seen: Tensor, part: Tensor, day: Tensor) -> tuple[Tensor, Tensor]:
        """Forecast and expected absolute error; ``part`` and ``day`` (B,) belong to the last input step."""
        around = torch.matmul(values, self.adjacency.T)  # (B, T, N)
        window = torch.cat([values, around, seen], dim=1).transpose(1, 2)  # (B, N, 3T)
        found = self.blocks(self.entry(torch.cat([window, self._identity(part, day)], dim=-1)))
        point = values[:, -1:, :] + self.change(found).transpose(1, 2)  # (B, H, N)
        # Detached: what makes a case hard is read off the layers, never written into them.
        spread = functional.softplus(self.spread(found.detach())).transpose(1, 2) + SMALLEST_SPREAD
        return point, spread

    def _node_identities(self, count: int) -> Tensor:
        return self.nodes.weight.expand(count, -1, -1)  # (B, N, node_width)

    def _identity(self, part: Tensor, day: Tensor) -> Tensor:
        count, nodes = part.shape[0], self.nodes.num_embeddings
        parts = [self._node_identities(count), self.parts(part)[:, None].expand(-1, nodes, -1)]
        if self.days is not None:
            parts.append(self.days(day)[:, None].expand(-1, nodes, -1))
        return torch.cat(parts, dim=-1)  # (B, N, identity)
