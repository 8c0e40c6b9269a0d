"""The training loop: one epoch at a time, kept after each, stopped between any two batches.

Order of batches and dropout are drawn from (seed, epoch), so that a run continued from a checkpoint gives
the same weights as one that was never interrupted.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from apps.training.nets.config import MixerConfig, TrainConfig
from apps.training.nets.forecaster import Forecaster
from apps.training.nets.metrics import Score, score
from apps.training.nets.mixer import GraphMixer
from apps.training.nets.panel import Floats, Indices, Panel, Split, starts_between
from apps.training.nets.samples import Batch, Samples, Scale


class TrainingCancelledError(Exception):
    """Somebody wished the training to stop."""


@dataclass(frozen=True, slots=True)
class EpochReport:
    """What one epoch brought; errors are those of the selecting part, in the unit of the series."""

    epoch: int
    epochs: int
    loss: float
    rmse: float
    mae: float
    best: bool
    seconds: float


class Training:
    """One training of one network on one panel."""

    NET: ClassVar[type[GraphMixer]] = GraphMixer

    def __init__(
        self,
        panel: Panel,
        split: Split,
        adjacency: Floats,
        *,
        net: MixerConfig,
        train: TrainConfig,
        device: str = "cpu",
    ) -> None:
        torch.manual_seed(train.seed)
        self.panel, self.split, self.config, self.device = panel, split, train, device
        self.scale = self._scale_of(panel, split)
        self.samples = Samples(panel, self.scale, day_parts=net.day_parts, device=device)
        self.net = self.NET(net, torch.from_numpy(adjacency)).to(device)
        self.average = copy.deepcopy(self.net)  # moving average of the weights: steadier than the last ones
        self.optimiser: torch.optim.Optimizer = torch.optim.AdamW(
            self.net.parameters(), lr=train.rate, weight_decay=train.weight_decay
        )
        self.size = {"history": net.steps_in, "horizon": net.steps_out}
        self.starts = starts_between(0, split.fit, **self.size)
        self.history: list[EpochReport] = []
        self.best: dict[str, Tensor] = {}

    def epochs(self, checkpoint: Path, *, cancelled: Callable[[], bool]) -> Iterator[EpochReport]:
        """Train the epochs that are left, one report each; TrainingCancelledError may end it."""
        if checkpoint.exists():
            self._restore(checkpoint)
        while len(self.history) < self.config.epochs and not self._stale():
            report = self._epoch(len(self.history), cancelled)
            self._keep(checkpoint)
            yield report

    def forecaster(self) -> Forecaster:
        """The network of the best epoch so far."""
        net = GraphMixer(self.net.config, self.net.adjacency).to(self.device)
        net.load_state_dict(self.best)
        return Forecaster(net.config, net, self.scale)

    def _scale_of(self, panel: Panel, split: Split) -> Scale:
        return Scale.of(panel.values[: split.fit])

    def _stale(self) -> bool:
        last = max((report.epoch for report in self.history if report.best), default=0)
        return len(self.history) - 1 - last >= self.config.patience

    def _epoch(self, epoch: int, cancelled: Callable[[], bool]) -> EpochReport:
        begin = monotonic()
        torch.manual_seed(self.config.seed * 100_003 + epoch)
        parts, losses = self._batches(), []
        self.net.train()
        for place, part in enumerate(parts):
            if cancelled():
                raise TrainingCancelledError
            self._set_rate(epoch + place / len(parts))
            losses.append(self._step(self.samples.batch(part, **self.size)))
            self._average(epoch * len(parts) + place)
        return self._judge(epoch, float(np.mean(losses)), begin)

    def _batches(self) -> list[Indices]:
        order = self.starts[torch.randperm(len(self.starts)).numpy()[: self.config.windows]]
        return np.split(order, range(self.config.batch, len(order), self.config.batch))

    def _set_rate(self, progress: float) -> None:
        """Half a cosine from ``rate`` to a fiftieth of it; ``progress`` counts epochs."""
        share = 0.02 + 0.98 * (1 + math.cos(math.pi * progress / self.config.epochs)) / 2
        for group in self.optimiser.param_groups:
            group["lr"] = self.config.rate * share

    def _step(self, batch: Batch) -> float:
        point, spread = self.net(batch.values, batch.seen, batch.part, batch.day)
        loss = forecast_loss(point, spread, batch)
        self.optimiser.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(self.net.parameters(), self.config.clip)
        self.optimiser.step()
        return loss.item()

    def _average(self, steps: int) -> None:
        """Move the average towards the newest weights; after few steps it is their plain mean."""
        share = max(1 - self.config.averaging, 1 / (steps + 1))
        with torch.no_grad():
            for kept, now in zip(self.average.parameters(), self.net.parameters(), strict=True):
                kept.lerp_(now, share)

    def _judge(self, epoch: int, loss: float, begin: float) -> EpochReport:
        """Score the averaged weights on the selecting part and remember them if they are the best."""
        found = Forecaster(self.net.config, self.average, self.scale)
        starts = starts_between(self.split.fit, self.split.select, **self.size)
        actual = self.panel.window(starts + self.size["history"], self.size["horizon"])
        errors = score(found.predict(self.panel, starts).point, actual)
        best = self._is_best(errors)
        if best:
            self.best = {name: value.detach().clone() for name, value in self.average.state_dict().items()}
        seconds = round(monotonic() - begin, 3)
        report = EpochReport(epoch, self.config.epochs, loss, errors.rmse, errors.mae, best, seconds)
        self.history.append(report)
        return report

    def _is_best(self, errors: Score) -> bool:
        return all(errors.rmse + errors.mae < report.rmse + report.mae for report in self.history)

    def _keep(self, checkpoint: Path) -> None:
        """Write the whole state beside the old one, then swap: a kill leaves one of the two."""
        body: dict[str, Any] = {
            "net": self.net.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "history": [asdict(report) for report in self.history],
            "best": self.best,
        }
        checkpoint.parent.mkdir(parents=True, exist_ok=True)
        fresh = checkpoint.with_suffix(".new")
        torch.save(body, fresh)
        fresh.replace(checkpoint)

    def _restore(self, checkpoint: Path) -> None:
        body = torch.load(checkpoint, map_location=self.device, weights_only=True)
        self.net.load_state_dict(body["net"])
        self.average.load_state_dict(body["average"])
        self.optimiser.load_state_dict(body["optimiser"])
        self.history = [EpochReport(**report) for report in body["history"]]
        self.best = body["best"]


def forecast_loss(point: Tensor, spread: Tensor, batch: Batch) -> Tensor:
    """Huber loss of the forecast plus the Laplace likelihood of its spread, over what was read."""
    return _losses(point, spread, batch).sum() / batch.known.sum().clamp_min(1)


def sample_losses(point: Tensor, spread: Tensor, batch: Batch) -> Tensor:
    """The same loss of each sample by itself, so that no sample changes the weight of another: (B,)."""
    known = batch.known.sum(dim=(1, 2)).clamp_min(1)
    return _losses(point, spread, batch).sum(dim=(1, 2)) / known


def _losses(point: Tensor, spread: Tensor, batch: Batch) -> Tensor:
    errors = functional.huber_loss(point, batch.target, reduction="none", delta=0.5)
    wrong = (point.detach() - batch.target).abs()
    likelihood = wrong / spread + spread.log()
    return (errors + likelihood) * batch.known
