"""Training with differential privacy (DP-SGD; Abadi et al., CCS 2016) by Opacus.

Protected is one block of readings: ``history + horizon`` steps of every series, cut without overlap from
the part that is fitted. Whoever was counted in one block only, such as a visit to a hospital, is protected
as a whole; who appears in k blocks, k times weaker. What would else look at the fitted readings does not:
the scale comes from the declared bounds of the reading, gaps are not filled from other blocks, the last
epoch is taken instead of the best one. Baselines, measured errors and intervals come from later readings
without protection.
"""

from __future__ import annotations

import math
import secrets
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from opacus import GradSampleModule
from opacus.accountants import RDPAccountant
from opacus.accountants.utils import get_noise_multiplier
from opacus.optimizers import DPOptimizer
from torch import Tensor

from apps.training.nets.config import MixerConfig, PrivacyConfig, TrainConfig
from apps.training.nets.loop import Training, sample_losses
from apps.training.nets.metrics import Score
from apps.training.nets.mixer import GraphMixer
from apps.training.nets.panel import Floats, Indices, Panel, Split
from apps.training.nets.samples import Batch, Scale

HALF_RANGE = 4  # deviations from the middle of a reading's declared bounds to their ends


class PrivateMixer(GraphMixer):
    """The same network and weights; identities pass through their layer, where Opacus sees each sample."""

    def _node_identities(self, count: int) -> Tensor:
        places = torch.arange(self.nodes.num_embeddings, device=self.nodes.weight.device)
        found: Tensor = self.nodes(places.expand(count, -1))
        return found


@dataclass(frozen=True, slots=True)
class Sampling:
    """Each block enters each step with chance ``rate``, independently; the noise follows from the budget."""

    blocks: int
    rate: float
    steps: int  # of one epoch

    @staticmethod
    def of(blocks: int, batch: int) -> Sampling:
        """Sampling that takes ``batch`` blocks a step on average and sees each block once an epoch."""
        rate = min(1.0, batch / max(blocks, 1))
        return Sampling(blocks, rate, math.ceil(1 / rate))


class PrivateTraining(Training):
    """DP-SGD on one panel; ``spent`` is the accountant's epsilon of the epochs trained so far."""

    NET: ClassVar[type[GraphMixer]] = PrivateMixer

    def __init__(  # six arguments: those of the training, and its promise
        self,
        panel: Panel,
        split: Split,
        adjacency: Floats,
        *,
        configs: tuple[MixerConfig, TrainConfig, PrivacyConfig],
        device: str = "cpu",
    ) -> None:
        net, train, self.promise = configs
        super().__init__(panel, split, adjacency, net=net, train=train, device=device)
        self.samples.values *= self.samples.seen  # a gap is the middle of the bounds, not another's value
        self.starts = np.arange(0, split.fit - sum(self.size.values()) + 1, sum(self.size.values()))
        self.sampling = Sampling.of(len(self.starts), train.batch)
        self.noise = noise_for(self.promise, self.sampling, epochs=train.epochs)
        self.private = GradSampleModule(self.net, loss_reduction="sum")
        self.random = np.random.default_rng(secrets.randbits(128))  # nobody can repeat the draws by the seed
        self.optimiser = DPOptimizer(
            self.optimiser,
            noise_multiplier=self.noise,
            max_grad_norm=self.promise.clip,
            expected_batch_size=max(1, round(self.sampling.rate * self.sampling.blocks)),
            generator=torch.Generator(device).manual_seed(secrets.randbits(63)),
        )

    @property
    def spent(self) -> float:
        """Epsilon at the promised delta by the moments accountant (Mironov 2017)."""
        return epsilon_of(self.noise, self.sampling, epochs=len(self.history), delta=self.promise.delta)

    def _scale_of(self, panel: Panel, split: Split) -> Scale:
        size, promise = panel.values.shape[1], self.promise
        middle = (promise.low + promise.high) / 2
        deviation = (promise.high - promise.low) / 2 / HALF_RANGE
        return Scale(np.full(size, middle, np.float32), np.full(size, deviation, np.float32))

    def _batches(self) -> list[Indices]:
        """Poisson samples of the blocks; one may be empty, and its noise is added all the same."""
        drawn = self.random.random((self.sampling.steps, self.sampling.blocks)) < self.sampling.rate
        return [self.starts[row] for row in drawn]

    def _step(self, batch: Batch) -> float:
        with _quiet():
            point, spread = self.private(batch.values, batch.seen, batch.part, batch.day)
            losses = sample_losses(point, spread, batch)
            self.optimiser.zero_grad()
            torch.autograd.backward(losses.sum())
        self.optimiser.step()
        return losses.sum().item() / max(len(losses), 1)

    def _is_best(self, errors: Score) -> bool:
        return True

    def _stale(self) -> bool:
        return False


def noise_for(promise: PrivacyConfig, sampling: Sampling, *, epochs: int) -> float:
    """The smallest noise multiplier that keeps the promise over all epochs."""
    with _quiet():
        found = get_noise_multiplier(
            target_epsilon=promise.epsilon,
            target_delta=promise.delta,
            sample_rate=sampling.rate,
            steps=epochs * sampling.steps,
            accountant="rdp",
        )
    return float(found)


def epsilon_of(noise: float, sampling: Sampling, *, epochs: int, delta: float) -> float:
    """What so many epochs have spent."""
    accountant = RDPAccountant()
    accountant.history = [(noise, sampling.rate, epochs * sampling.steps)] if epochs else []
    with _quiet():
        return float(accountant.get_epsilon(delta)) if epochs else 0.0


@contextmanager
def _quiet() -> Iterator[None]:
    """Without two notes of Opacus: inputs of embeddings have no gradient; small losses use few orders."""
    with warnings.catch_warnings():
        for message in ("Full backward hook is firing", "Optimal order is the largest alpha"):
            warnings.filterwarnings("ignore", message=message)
        yield
