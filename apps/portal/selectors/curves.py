"""The reading curve of a datastream: over which time, between which limits, and the same as a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from apps.accounts.data import Viewer
from apps.core.quantities import quantity
from apps.portal.selectors.alarms import rules_visible
from apps.portal.selectors.rows import plain

DAY = timedelta(days=1)
# Key in the address -> title, length, width of a bucket.
SPANS = {
    "day": (gettext_lazy("1 day"), DAY, "minute"),
    "week": (gettext_lazy("1 week"), 7 * DAY, "hour"),
    "month": (gettext_lazy("4 weeks"), 28 * DAY, "hour"),
}
BEFORE, AFTER = timedelta(hours=6), timedelta(hours=2)  # around an alarm
MOST_HOURS = 24 * 28
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """A level at which a rule raises an alarm."""

    value: float
    title: str


@dataclass(frozen=True, slots=True)
class HourOfReadings:
    """One hour of the table; the values are None where nothing usable was read."""

    begins: datetime
    mean: float | None
    lowest: float | None
    highest: float | None
    unusable: int


@dataclass(frozen=True, slots=True)
class Curve:
    """What a chart of readings needs beside the readings themselves."""

    stream: Any
    start: datetime
    end: datetime
    bucket: str
    limits: list[Limit]
    marks: list[dict[str, str]]
    hours: list[HourOfReadings]
    span: str = ""

    @property
    def drawn(self) -> dict[str, Any]:
        """For the script that draws it."""
        limits = [{"value": limit.value, "title": limit.title} for limit in self.limits]
        return {"limits": limits, "marks": self.marks}


def curve_of(viewer: Viewer, stream: Any, *, span: str = "") -> Curve:
    """The newest stretch of a datastream: a day, a week or four weeks."""
    key = span if span in SPANS else "day"
    _title, length, bucket = SPANS[key]
    end = timezone.now()
    start = end - length
    hours = hours_of(viewer, stream, start=start, end=end)
    return Curve(stream, start, end, bucket, limits_of(viewer, stream), [], hours, key)


def curve_around(viewer: Viewer, alarm: Any) -> Curve | None:
    """The readings from some hours before an alarm until it was over; None for a group."""
    stream = alarm.datastream
    if stream is None:
        return None
    now = timezone.now()
    start = min(alarm.since, alarm.last_raised_at) - BEFORE
    end = min((alarm.closed_at or alarm.returned_at or now) + AFTER, now)
    start = max(start, end - 28 * DAY)
    named = (
        (pgettext("alarm", "began"), alarm.since),
        (_("raised"), alarm.last_raised_at),
        (pgettext("alarm", "closed"), alarm.closed_at),
    )
    marks = [{"title": title, "at": at.isoformat()} for title, at in named if at and start <= at]
    bucket = "minute" if end - start <= 2 * DAY else "hour"
    hours = hours_of(viewer, stream, start=start, end=end)
    return Curve(stream, start, end, bucket, limits_of(viewer, stream), marks, hours)


def limits_of(viewer: Viewer, stream: Any) -> list[Limit]:
    """The levels of the rules that watch this datastream, as far as the viewer may know of the rules."""
    meant = Q(datastream=stream) | Q(datastream=None, kind__in=["", stream.kind])
    rules = rules_visible(viewer).filter(
        meant, domain=stream.thing.domain, condition="threshold", active=True
    )
    division = stream.thing.division
    words = {"above": _("%(rule)s: above %(level)s"), "below": _("%(rule)s: below %(level)s")}
    return [
        Limit(
            rule.level,
            words.get(rule.side, words["above"])
            % {"rule": rule.title, "level": quantity(rule.level, stream.unit)},
        )
        for rule in rules
        if not rule.area or division.startswith(rule.area)
    ]


def hours_of(viewer: Viewer, stream: Any, *, start: datetime, end: datetime) -> list[HourOfReadings]:
    """The hours of a stretch, newest first, with mean, least and most; nothing where a field is masked."""
    rows = plain(viewer, "sensing.RollupHour").filter(
        datastream=stream, bucket__gte=start - HOUR, bucket__lt=end
    )
    return [
        HourOfReadings(
            row.bucket, row.total / row.count if row.count else None, row.lowest, row.highest, row.unusable
        )
        for row in rows.order_by("-bucket")[:MOST_HOURS]
    ]
