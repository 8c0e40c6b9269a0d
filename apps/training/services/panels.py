"""Readings from the database as one panel: many series on one clock."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from django.utils import timezone
from django.utils.module_loading import import_string

from apps.core.declarations import Recipe
from apps.core.errors import ProblemError
from apps.core.sentences import sentence as _
from apps.sensing.selectors import datastreams_live, datastreams_of, series_matrix
from apps.training.nets.panel import Floats, Panel

SEEN_SHARE = 0.5  # a series with fewer of its steps read is left out
PARTS = 50  # the parts that choose the epoch and calibrate hold a twenty-fifth of the rows each: two horizons


@dataclass(frozen=True, slots=True)
class Material:
    """The series that can be learned from, their readings, and when they were read."""

    datastream_ids: list[int]
    begin: datetime
    end: datetime
    panel: Panel


def floor_time(moment: datetime, *, step: int) -> datetime:
    """The last whole step at or before ``moment``."""
    return datetime.fromtimestamp(int(moment.timestamp()) // step * step, tz=UTC)


def panel_read(datastream_ids: Sequence[int], *, begin: datetime, end: datetime, step: int) -> Panel:
    """Means over ``step`` seconds of each series, by the wall clock of the city."""
    begin, end = floor_time(begin, step=step), floor_time(end, step=step)
    found = series_matrix(datastream_ids=list(datastream_ids), start=begin, end=end, step_seconds=step)
    offset = timezone.localtime(begin, timezone.get_default_timezone()).utcoffset()
    first = int(begin.timestamp()) + (int(offset.total_seconds()) if offset else 0)
    return Panel(np.asarray(found.values, dtype=np.float32), first, step)


def material_of(
    domain: str, recipe: Recipe, *, begin: datetime, end: datetime, only: Sequence[int] = ()
) -> Material:
    """The series of a recipe that were read often enough, read once; ProblemError says what is missing."""
    kind = recipe.kind
    streams = (
        datastreams_of(domain=domain, kind=kind).filter(pk__in=list(only))
        if only
        else datastreams_live(domain=domain, kind=kind)
    )
    ids = list(streams.values_list("pk", flat=True))
    if not ids:
        raise ProblemError(_("No active series of this kind exists."), "recipe", 409, "too_little_data")
    panel = panel_read(ids, begin=begin, end=end, step=recipe.step)
    rows = np.flatnonzero(np.isfinite(panel.values).any(axis=1))
    span = int(rows[-1] - rows[0] + 1) if rows.size else 0
    need = max(PARTS * recipe.horizon, 10 * (recipe.history + recipe.horizon))
    if span < need:
        words = _("The readings span %(span)d steps of %(step)d s; %(need)d are needed.")
        values = {"span": span, "step": recipe.step, "need": need}
        raise ProblemError(words % values, "data_from", 409, "too_little_data")
    share = np.isfinite(panel.values[rows[0] : rows[-1] + 1]).mean(axis=0)
    kept = np.flatnonzero(share >= SEEN_SHARE)
    if not kept.size:
        raise ProblemError(
            _("Every series has gaps in more than half of its steps."), "recipe", 409, "too_little_data"
        )
    first = floor_time(begin, step=recipe.step) + timedelta(seconds=recipe.step * int(rows[0]))
    last = first + timedelta(seconds=recipe.step * span)
    chosen = panel_trimmed(Panel(panel.values[:, kept], panel.first, panel.step))
    return Material([ids[place] for place in kept], first, last, chosen)


def panel_trimmed(panel: Panel) -> Panel:
    """The panel without empty rows at its ends."""
    rows = np.flatnonzero(np.isfinite(panel.values).any(axis=1))
    if not rows.size:
        return panel
    first, last = int(rows[0]), int(rows[-1])
    return Panel(panel.values[first : last + 1], panel.first + first * panel.step, panel.step)


def adjacency_of(domain: str, recipe: Recipe, datastream_ids: Sequence[int]) -> Floats:
    """Weights between the series (N, N) as the recipe's graph gives them; every series knows itself."""
    if not recipe.graph:
        return np.eye(len(datastream_ids), dtype=np.float32)
    things = dict(datastreams_of(domain=domain, kind=recipe.kind).values_list("pk", "thing_id"))
    weights = import_string(recipe.graph)([things[stream] for stream in datastream_ids])
    return np.maximum(np.asarray(weights, dtype=np.float32), np.eye(len(datastream_ids), dtype=np.float32))


def panel_fingerprint(panel: Panel, datastream_ids: Sequence[int]) -> str:
    """SHA-256 of the values, their clock and their columns."""
    digest = hashlib.sha256(
        repr((list(datastream_ids), panel.first, panel.step, panel.values.shape)).encode()
    )
    digest.update(np.ascontiguousarray(panel.values).tobytes())
    return digest.hexdigest()
