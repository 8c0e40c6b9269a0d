"""Whether a stream will pass a limit, learned from others by a support vector machine."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.analytics.methods.matrices import Floats

TEST_SHARE, HALF = 0.3, 0.5
LEAST = 50
MOST = 20_000  # steps to learn from: the time grows with their square
SEED = 0


@dataclass(frozen=True, slots=True)
class Classification:
    """Measured on the last part of the time, not learned from. The baseline says the commoner class."""

    accuracy: float
    balanced_accuracy: float
    baseline: float
    precision: float
    recall: float
    learned: int
    tested: int


def classification(target: Floats, causes: Floats, *, limit: float) -> Classification:
    """A support vector machine (radial kernel) for ``target > limit`` from ``causes`` (T, K).

    Learned on the first part of the time, tested on the last: shuffled steps would let it look ahead.
    ValueError when there are too few steps or only one class to learn.
    """
    known = np.isfinite(target) & np.isfinite(causes).all(axis=1)
    y, x = target[known] > limit, causes[known]
    cut = int(len(y) * (1 - TEST_SHARE))
    if len(y) < LEAST or y[:cut].all() or not y[:cut].any():
        raise ValueError("too few steps of both kinds")
    model = _machine().fit(x[:cut][-MOST:], y[:cut][-MOST:])
    return _scores(y[cut:], model.predict(x[cut:]), commoner=bool(y[:cut].mean() > HALF), learned=cut)


def _machine() -> Any:
    scaler = import_module("sklearn.preprocessing").StandardScaler()
    machine = import_module("sklearn.svm").SVC(class_weight="balanced", random_state=SEED)
    return import_module("sklearn.pipeline").make_pipeline(scaler, machine)


def _scores(
    true: NDArray[np.bool_], said: NDArray[np.bool_], *, commoner: bool, learned: int
) -> Classification:
    metrics = import_module("sklearn.metrics")
    return Classification(
        accuracy=float((true == said).mean()),
        balanced_accuracy=float(metrics.recall_score(true, said, average="macro", zero_division=0)),
        baseline=float((true == commoner).mean()),
        precision=float(metrics.precision_score(true, said, zero_division=0)),
        recall=float(metrics.recall_score(true, said, zero_division=0)),
        learned=learned,
        tested=len(true),
    )
