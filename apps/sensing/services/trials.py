"""What a cleaning rule would have flagged in the last days, against what the rules in force flag."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.core.errors import ProblemError
from apps.privacy.services import visible_fields, visible_rows
from apps.sensing.cleaning.judging import MICROSECONDS, judge
from apps.sensing.cleaning.memory import Previous
from apps.sensing.data import Flag, Integers, Judged
from apps.sensing.models import CleaningRule, Datastream, Observation
from apps.sensing.selectors.rules import Came, LimitTable, limits_in_force, readings_as_they_came

MOST_STREAMS, MOST_DAYS, MOST_EXAMPLES = 300, 31, 20
TRIED = (Flag.RANGE, Flag.STEP, Flag.STUCK, Flag.GAP, Flag.SPIKE, Flag.CLOCK, Flag.CROSS)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Example:
    """One value that the rule flags and the rules in force do not."""

    datastream: int
    key: str
    time: datetime
    result: float | None
    flags: int
    corrected: float | None


@dataclass(frozen=True, slots=True)
class RuleTrial:
    """How many values would have been flagged, and how many are now; in all, and for each flag by its name.

    ``streams`` may be fewer than the rule covers (``covered``): a trial looks at a limited number.
    """

    days: int
    streams: int
    covered: int
    values: int
    flagged: int
    flagged_now: int
    would: dict[str, int]
    now: dict[str, int]
    examples: tuple[Example, ...]


@dataclass
class Tally:
    """Values of one set of rules, judged day by day."""

    table: LimitTable
    previous: Previous
    flagged: int
    marks: Integers

    @classmethod
    def of(cls, table: LimitTable) -> Tally:
        """Nothing judged yet."""
        return cls(table, Previous(), 0, np.zeros(len(TRIED), np.int64))

    def judge(self, came: Came) -> Judged:
        """The next day's verdict, counted."""
        rules, peers = self.table.rules(came.batch.streams), self.table.peers
        judged = judge(came.batch, rules, self.previous, arrived=came.arrived, peers=peers)
        self.flagged += int((judged.flags > 0).sum())
        self.marks += [int(((judged.flags & flag) > 0).sum()) for flag in TRIED]
        return judged

    def named(self) -> dict[str, int]:
        """How many values broke each rule."""
        return {flag.name or "": int(count) for flag, count in zip(TRIED, self.marks, strict=True)}


def rule_trial(
    rule: CleaningRule, *, viewer: Viewer, days: int = 7, until: datetime | None = None
) -> RuleTrial:
    """Judge what the viewer may see of the last ``days`` with the rule and without it; nothing is changed."""
    if not viewer.may(rule.domain, Capability.UPLOAD):
        raise ProblemError(_("Your role may not do this with rules of this domain."), "domain", 403, "role")
    if not 1 <= days <= MOST_DAYS:
        raise ProblemError(_("Try 1 to 31 days."), "days", code="range")
    covered = _covered(rule, viewer)
    keys = dict(covered.order_by("pk").values_list("pk", "key")[:MOST_STREAMS])
    would, now = (Tally.of(limits_in_force(list(keys), draft=draft)) for draft in (rule, None))
    examples: list[Example] = []
    values, end = 0, until or timezone.now()
    for back in range(days, 0, -1):
        came = readings_as_they_came(list(keys), start=end - back * DAY, end=end - (back - 1) * DAY)
        judged, before = would.judge(came), now.judge(came)
        values += len(came.batch)
        rows = np.flatnonzero((judged.flags > 0) & (before.flags != judged.flags))
        examples += [_example(judged, row, keys) for row in rows[: MOST_EXAMPLES - len(examples)].tolist()]
    clear = visible_fields(viewer, Observation)["result"].is_clear
    found = RuleTrial(
        days=days,
        streams=len(keys),
        covered=covered.count(),
        values=values,
        flagged=would.flagged,
        flagged_now=now.flagged,
        would=would.named(),
        now=now.named(),
        examples=tuple(examples) if clear else (),
    )
    _keep(rule, found)
    return found


def _covered(rule: CleaningRule, viewer: Viewer) -> QuerySet[Datastream]:
    streams = Datastream.objects.filter(thing__domain=rule.domain, kind=rule.kind, active=True)
    if rule.datastream_id is not None:
        streams = streams.filter(pk=rule.datastream_id)
    return visible_rows(viewer, streams)


def _example(judged: Judged, row: int, keys: dict[int, str]) -> Example:
    stream, result = int(judged.batch.streams[row]), float(judged.batch.results[row])
    came = float(judged.raw[row]) if judged.raw is not None else np.nan
    moment = datetime.fromtimestamp(int(judged.batch.times[row]) / MICROSECONDS, UTC)
    mended = not np.isnan(came)
    value = came if mended else result
    return Example(
        datastream=stream,
        key=keys[stream],
        time=moment,
        result=value if np.isfinite(value) else None,
        flags=int(judged.flags[row]),
        corrected=result if mended else None,
    )


def _keep(rule: CleaningRule, found: RuleTrial) -> None:
    """The counts stay with the rule, as what was known when it was put in force; values do not."""
    counts = {name: value for name, value in asdict(found).items() if name != "examples"}
    rule.trial = {**counts, "at": timezone.now().isoformat()}
    rule.save(update_fields=["trial"])
