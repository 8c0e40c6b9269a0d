"""A trained network with everything it needs to forecast: scale, sizes, calibrated intervals."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from apps.training.nets.config import MixerConfig
from apps.training.nets.conformal import Calibration, calibrate
from apps.training.nets.mixer import GraphMixer
from apps.training.nets.panel import Floats, Indices, Panel
from apps.training.nets.samples import Samples, Scale

CHUNK = 128  # windows per forward pass


@dataclass(frozen=True, slots=True)
class Prediction:
    """Forecast and expected absolute error in the unit of the series: (W, H, N) each."""

    point: Floats
    spread: Floats


@dataclass(slots=True)
class Forecaster:
    """Predicts panels whose columns are the series it was trained on, in that order."""

    config: MixerConfig
    net: GraphMixer
    scale: Scale
    calibration: Calibration | None = None

    def predict(self, panel: Panel, starts: Indices) -> Prediction:
        """Forecasts from the windows that begin at ``starts``."""
        samples = Samples(
            panel, self.scale, day_parts=self.config.day_parts, device=str(self.net.adjacency.device)
        )
        size = {"history": self.config.steps_in, "horizon": self.config.steps_out}
        points, spreads = [], []
        self.net.eval()
        with torch.no_grad():
            for part in np.split(starts, range(CHUNK, len(starts), CHUNK)):
                batch = samples.batch(part, **size)
                point, spread = self.net(batch.values, batch.seen, batch.part, batch.day)
                points.append(point.cpu().numpy())
                spreads.append(spread.cpu().numpy())
        deviation = self.scale.deviation
        return Prediction(
            np.concatenate(points) * deviation + self.scale.mean, np.concatenate(spreads) * deviation
        )

    def calibrate(self, panel: Panel, starts: Indices) -> None:
        """Set the intervals from windows that the network was neither fitted nor chosen on."""
        made = self.predict(panel, starts)
        actual = panel.window(starts + self.config.steps_in, self.config.steps_out)
        self.calibration = calibrate(made.point, made.spread, actual)

    def save(self, path: Path) -> None:
        """Write one file of plain tensors and numbers."""
        limits = self.calibration
        body = {
            "config": asdict(self.config),
            "weights": self.net.state_dict(),
            "scale": [torch.from_numpy(self.scale.mean), torch.from_numpy(self.scale.deviation)],
            "limits": [torch.from_numpy(limits.lower), torch.from_numpy(limits.upper)] if limits else [],
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        torch.save(body, path)

    @staticmethod
    def load(path: Path, *, device: str = "cpu") -> Forecaster:
        """Read what ``save`` wrote; the file cannot carry code."""
        body = torch.load(path, map_location=device, weights_only=True)
        config = MixerConfig(**body["config"])
        net = GraphMixer(config, body["weights"]["adjacency"]).to(device)
        net.load_state_dict(body["weights"])
        mean, deviation = (part.cpu().numpy() for part in body["scale"])
        limits = Calibration(*(part.cpu().numpy() for part in body["limits"])) if body["limits"] else None
        return Forecaster(config, net, Scale(mean, deviation), limits)
