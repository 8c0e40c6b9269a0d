"""Every figure of every benchmark is one line of JSON, so that a program can compare two runs."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """What we measured and, where there is one, what it is compared with in the same run.

    ``goal`` bounds the ratio, without a reference the value itself; ``at_most`` says which side is good.
    """

    bench: str
    name: str
    ours: float
    unit: str
    reference: float | None = None
    goal: float | None = None
    at_most: bool = False

    @property
    def ratio(self) -> float | None:
        """Ours divided by the reference."""
        return self.ours / self.reference if self.reference else None

    @property
    def holds(self) -> bool:
        """Whether the goal is met; without a goal there is nothing to miss."""
        if self.goal is None:
            return True
        value = self.ours if self.ratio is None else self.ratio
        return value <= self.goal if self.at_most else value >= self.goal

    def show(self) -> None:
        """Print the line."""
        body = {
            "bench": self.bench,
            "figure": self.name,
            "ours": _short(self.ours),
            "reference": _short(self.reference),
            "unit": self.unit,
            "ratio": _short(self.ratio),
            "goal": self.goal,
            "holds": self.holds,
        }
        print(json.dumps(body), flush=True)


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
