"""The curves of a run as TensorBoard reads them."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from torch.utils.tensorboard import SummaryWriter

from apps.training.nets.evaluation import Evaluation
from apps.training.nets.loop import EpochReport


class Board:
    """Writes into one folder a run; a resumed run goes on in the same folder."""

    def __init__(self, folder: Path) -> None:
        self.writer = SummaryWriter(str(folder))

    def __enter__(self) -> Board:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.writer.close()

    def epoch(self, report: EpochReport) -> None:
        """The curves of one epoch."""
        for name in ("loss", "rmse", "mae", "seconds"):
            self.writer.add_scalar(name, getattr(report, name), report.epoch)
        self.writer.flush()

    def evaluation(self, found: Evaluation) -> None:
        """The errors on the test part, one curve a forecaster over the minutes ahead."""
        for reach in found.reaches:
            for name, score in reach.scores.items():
                self.writer.add_scalar(f"test_mae/{name}", score.mae, reach.minutes)
