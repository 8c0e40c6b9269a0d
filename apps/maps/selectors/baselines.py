"""What the live values of a layer are compared with: each place's baseline, and the usual at this hour."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache

from apps.core.declarations import Baseline
from apps.maps.selectors.layers import LayerView
from apps.privacy.services import decide
from apps.sensing.selectors import baseline_values, datastreams_live, usual_values

KEPT_SECONDS = 900
Comparison = tuple[float | None, float | None]  # baseline, usual at this hour


def layer_comparisons(view: LayerView, *, at: datetime) -> dict[int, Comparison]:
    """Feature id -> what its value is compared with at this hour; nothing where readings are not shown."""
    total = decide(view.viewer, "sensing.RollupHour", "total", domain=view.domain.slug)
    if not view.layer.live or not view.shows_live or not total.is_clear:
        return {}
    baseline, (quiet, usual) = view.layer.baseline, _of_things(view, at)
    limit = baseline.limit if baseline and view.decisions[baseline.limit].is_clear else ""
    rows = view.rows.filter(thing__in=usual.keys() | quiet.keys()) if not limit else view.rows
    found = rows.values_list("pk", "thing_id", limit or "pk").order_by()
    return {
        pk: (_at_most(quiet.get(thing), most if limit else None), usual.get(thing))
        for pk, thing, most in found
    }


def _at_most(value: float | None, most: float | None) -> float | None:
    known = [one for one in (value, most) if one is not None and one > 0]
    return min(known, default=None)


def _of_things(view: LayerView, at: datetime) -> tuple[dict[int, float], dict[int, float]]:
    """Thing id -> baseline and usual value, of every thing of the layer's kind, kept for the hour.

    Who may see which of them is asked of the rows, each time.
    """
    key = f"maps:usual:{view.id}:{at:%Y%m%d%H}"
    found: tuple[dict[int, float], dict[int, float]] | None = cache.get(key)
    if found is None:
        found = _computed(view, view.layer.baseline, at)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _computed(
    view: LayerView, baseline: Baseline | None, at: datetime
) -> tuple[dict[int, float], dict[int, float]]:
    streams: dict[int, int] = dict(
        datastreams_live(domain=view.domain.slug, kind=view.layer.live).values_list("pk", "thing_id")
    )
    ids = list(streams)
    quiet = baseline_values(ids, baseline=baseline, at=at) if baseline else {}
    usual = usual_values(ids, at=at)
    return {streams[pk]: value for pk, value in quiet.items()}, {
        streams[pk]: value for pk, value in usual.items()
    }
