"""What one export holds: which datastreams, which period, which columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer
from apps.core.errors import ProblemError
from apps.privacy.services import visible_fields
from apps.sensing.models import Datastream, Observation, RollupDay, RollupHour

NEEDED = ("datastream", "phenomenon_time", "result")
OPTIONAL = ("raw", "quality", "flags", "recorded_at")
TEXTS = ("key", "unit")
MOST_STREAMS = 20_000
FINE = timedelta(days=3)  # up to here hours are counted, beyond it whole days


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """One datastream as the rows name it; a text is "" where the viewer may not see it."""

    id: int
    key: str
    unit: str


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """The streams in the order of their ids, the period, and the columns that the viewer sees clear."""

    streams: tuple[StreamFacts, ...]
    start: datetime
    end: datetime
    columns: tuple[str, ...]  # of the observation, in the order of OPTIONAL after the three needed ones
    texts: tuple[str, ...]  # of the datastream

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        start, end = (moment.astimezone(UTC) for moment in (self.start, self.end))
        return f"observations_{start:%Y%m%dT%H%MZ}_{end:%Y%m%dT%H%MZ}"


def export_plan(
    viewer: Viewer, streams: QuerySet[Datastream], *, start: datetime, end: datetime
) -> ExportPlan:
    """The plan for the visible ``streams``; refused where readings are masked or there are too many."""
    observation, datastream = visible_fields(viewer, Observation), visible_fields(viewer, Datastream)
    if not all(observation[name].is_clear for name in NEEDED):
        raise ProblemError(_("Your clearance does not show readings."), status=403, code="clearance")
    texts = tuple(name for name in TEXTS if datastream[name].is_clear)
    rows = streams.order_by("pk").values_list("pk", "key", "unit")[: MOST_STREAMS + 1]
    found = tuple(
        StreamFacts(pk, key if "key" in texts else "", unit if "unit" in texts else "")
        for pk, key, unit in rows
    )
    if len(found) > MOST_STREAMS:
        raise ProblemError(_("These are too many datastreams for one export; name fewer."), "datastream")
    _size_check([stream.id for stream in found], start, end)
    columns = (*NEEDED, *(name for name in OPTIONAL if observation[name].is_clear))
    return ExportPlan(found, start, end, columns, texts)


def _size_check(streams: Sequence[int], start: datetime, end: datetime) -> None:
    about = rows_about(streams, start=start, end=end)
    if about > settings.EXPORT_MOST_ROWS:
        facts = {"count": about, "most": settings.EXPORT_MOST_ROWS}
        detail = _(
            "This is about %(count)d observations; one export gives at most %(most)d. "
            "Ask for a shorter period or fewer datastreams."
        )
        raise ProblemError(detail % facts, "start", code="too_large")


def rows_about(streams: Sequence[int], *, start: datetime, end: datetime) -> int:
    """How many observations there are, a little more at the edges: from the roll-ups, never by counting."""
    if end - start <= FINE:
        model: type[RollupHour] | type[RollupDay] = RollupHour
        first = start.replace(minute=0, second=0, microsecond=0)
    else:
        model, first = RollupDay, start - timedelta(days=1)
    rows = model.objects.filter(datastream_id__in=streams, bucket__gte=first, bucket__lt=end)
    return int(rows.aggregate(rows=Sum(F("count") + F("unusable")))["rows"] or 0)
