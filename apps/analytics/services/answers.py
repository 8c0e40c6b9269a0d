"""From a question to its answer: an expression on the engine, then a method on the small table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from apps.analytics.data import Question
from apps.analytics.engines import Engine
from apps.analytics.expressions import bucket_means, hourly_profiles, summaries
from apps.analytics.methods.bottlenecks import bottlenecks
from apps.analytics.methods.classification import classification
from apps.analytics.methods.correlations import correlations
from apps.analytics.methods.decomposition import decomposition
from apps.analytics.methods.matrices import Floats, Matrix, matrix_of
from apps.analytics.methods.places import area_means
from apps.analytics.methods.regression import regression
from apps.analytics.selectors import areas_of, places_of

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the engine and the wanted observations on it."""

    question: Question
    engine: Engine
    table: Any  # an Ibis table: the columns of the lake

    def matrix(self) -> Matrix:
        """Means a step; the streams in the order of the question."""
        means = self.engine.fetch(bucket_means(self.engine, self.table, seconds=self.question.step))
        return matrix_of(means, streams=self.question.streams, seconds=self.question.step)


def summary(asked: Asked) -> Answer:
    """Count, mean, deviation and extremes of each stream."""
    return {"streams": asked.engine.fetch(summaries(asked.table).order_by("datastream_id")).to_pylist()}


def profile(asked: Asked) -> Answer:
    """The usual week of each stream."""
    table = hourly_profiles(asked.engine, asked.table, offset_hours=asked.question.offset_hours)
    hours = asked.engine.fetch(table.order_by(["datastream_id", "weekday", "hour"]))
    return {"hours": hours.to_pylist()}


def correlation(asked: Asked) -> Answer:
    """Every pair of streams."""
    return {"pairs": [asdict(pair) for pair in correlations(asked.matrix())]}


def trend_and_season(asked: Asked) -> Answer:
    """Trend, season and rest of each stream."""
    matrix = asked.matrix()
    return {
        "times": matrix.times,
        "streams": [_parts(matrix, column, asked) for column in range(len(matrix.streams))],
    }


def _parts(matrix: Matrix, column: int, asked: Asked) -> Answer:
    parts = decomposition(matrix.values[:, column], period=asked.question.period)
    plain = {name: plain_list(getattr(parts, name)) for name in ("trend", "season", "rest")}
    strengths = {"trend_strength": parts.trend_strength, "season_strength": parts.season_strength}
    return {"datastream_id": matrix.streams[column], **strengths, **plain}


def explained(asked: Asked) -> Answer:
    """The target explained by the others."""
    matrix = asked.matrix()
    names = tuple(map(str, matrix.streams[1:]))
    return asdict(regression(matrix.values[:, 0], matrix.values[:, 1:], names=names))


def classified(asked: Asked) -> Answer:
    """Whether the target passes the limit, told from the others."""
    values = asked.matrix().values
    return asdict(classification(values[:, 0], values[:, 1:], limit=asked.question.limit))


def held_up(asked: Asked) -> Answer:
    """Which stream, busy above the limit, holds up the others."""
    matrix = asked.matrix()
    found = bottlenecks(np.nan_to_num(matrix.values, nan=-np.inf) > asked.question.limit)
    return {
        "steps": len(matrix.values),
        "streams": [{**asdict(item), "datastream_id": matrix.streams[item.column]} for item in found],
    }


def by_area(asked: Asked) -> Answer:
    """Means of the streams within each polygon of a layer."""
    rows = asked.engine.fetch(summaries(asked.table)).to_pylist()
    means = {row["datastream_id"]: row["mean"] for row in rows if row["mean"] is not None}
    found = area_means(places_of(asked.question.streams), areas_of(asked.question.layer), means)
    return {"areas": [asdict(item) for item in found]}


def plain_list(values: Floats) -> list[float]:
    """Six digits are enough to draw."""
    return [float(f"{value:.6g}") for value in values]


ANSWERS: dict[str, Callable[[Asked], Answer]] = {
    "summary": summary,
    "profile": profile,
    "correlation": correlation,
    "decomposition": trend_and_season,
    "regression": explained,
    "classification": classified,
    "bottleneck": held_up,
    "areas": by_area,
}
