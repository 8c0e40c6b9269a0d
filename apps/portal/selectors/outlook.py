"""Many series at one moment ahead: the forecast with its bands beside the usual value of that hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from apps.accounts.data import Capability, Viewer
from apps.core.declarations import Recipe
from apps.core.domains import Domain, recipes_by_id
from apps.portal.selectors.rows import plain
from apps.portal.selectors.streams import streams_visible
from apps.sensing.selectors import usual_values

MOST = 600  # series
SHOWN = 60  # rows of the page
FRESH = timedelta(hours=2)  # an older forecast is none any more
HOURS_AHEAD = 24
WIDTH = 200  # units of a bar
SLOW, FAST = 0.75, 1.25  # of the usual value


@dataclass(frozen=True, slots=True)
class Ahead:
    """One series at one moment: foretold, or else the usual value of the hour."""

    stream: Any
    forecast: Any  # a row of forecasts with its bands, or None
    usual: float | None
    low: float
    high: float

    @property
    def ratio(self) -> float | None:
        """The forecast as a part of the usual value."""
        return self.forecast.value / self.usual if self.forecast and self.usual else None

    @property
    def standing(self) -> str:
        """``low`` and ``high`` for a forecast far from the usual value, else nothing."""
        if self.ratio is None:
            return ""
        return "low" if self.ratio < SLOW else "high" if self.ratio > FAST else ""

    @property
    def bar(self) -> dict[str, int]:
        """Places of a bar of ``WIDTH`` units: both bands, the forecast and the usual value."""
        names = ("low95", "high95", "low80", "high80", "value")
        places = {name: self._place(getattr(self.forecast, name)) for name in names} if self.forecast else {}
        if places:
            places["wide95"] = max(places["high95"] - places["low95"], 1)
            places["wide80"] = max(places["high80"] - places["low80"], 1)
        return places | ({} if self.usual is None else {"usual": self._place(self.usual)})

    def _place(self, value: float) -> int:
        share = (value - self.low) / ((self.high - self.low) or 1)
        return round(WIDTH * min(max(share, 0), 1))


@dataclass(frozen=True, slots=True)
class Outlook:
    """All series of one recipe at one moment."""

    at: datetime
    moments: list[datetime]
    rows: list[Ahead]
    count: int  # of series, before the list was cut
    newest: Any  # the forecast row that was made last, or None


def recipes_visible(viewer: Viewer) -> dict[str, tuple[Domain, Recipe]]:
    """What the domains of the viewer forecast, by id."""
    return {
        key: (domain, recipe)
        for key, (domain, recipe) in recipes_by_id().items()
        if viewer.may(domain.slug, Capability.VIEW)
    }


def outlook(viewer: Viewer, recipe_id: str, *, at: datetime | None, is_falling: bool = False) -> Outlook:
    """The series of a recipe at one of the offered moments, the first without one; the lowest ratio first."""
    domain, recipe = recipes_by_id()[recipe_id]
    kind = domain.kind(recipe.kind)
    now = timezone.now()
    forecasts = plain(viewer, "training.Forecast").filter(
        model_version__recipe=recipe_id, model_version__scope="", data_until__gte=now - FRESH, stale=False
    )
    foretold = forecasts.filter(target_time__gte=now).order_by("target_time")
    moments = sorted({*foretold.values_list("target_time", flat=True).distinct(), *_hours(now)})
    chosen: datetime = at if at is not None and at in moments else moments[0]
    streams = list(
        streams_visible(viewer).filter(thing__domain=domain.slug, kind=recipe.kind, active=True)[:MOST]
    )
    step = timedelta(seconds=recipe.step)
    reached = forecasts.filter(target_time__lte=chosen, target_time__gt=chosen - step, datastream__in=streams)
    newest = reached.select_related("model_version").order_by("datastream_id", "-data_until", "-made_at")
    by_stream = {row.datastream_id: row for row in newest.distinct("datastream_id")}
    usual = usual_values([stream.pk for stream in streams], at=chosen)
    rows = [
        Ahead(stream, by_stream.get(stream.pk), usual.get(stream.pk), kind.low, kind.high)
        for stream in streams
        if stream.pk in by_stream or stream.pk in usual
    ]
    rows.sort(key=partial(_order, sign=-1 if is_falling else 1))
    made = max(by_stream.values(), key=lambda row: row.made_at, default=None)
    return Outlook(chosen, moments, rows[:SHOWN], len(rows), made)


def _hours(now: datetime) -> list[datetime]:
    first = now.replace(minute=0, second=0, microsecond=0)
    return [first + timedelta(hours=number) for number in range(1, HOURS_AHEAD + 1)]


def _order(row: Ahead, sign: int) -> tuple[bool, float]:
    """By the part of the usual value; without it last, by the value itself."""
    if row.ratio is not None:
        return False, sign * row.ratio
    return True, sign * (row.forecast.value if row.forecast else row.usual or 0.0)
