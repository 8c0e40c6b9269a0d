"""What a rule would have done with the readings of the last days; nothing is written.

An alarm is a run of readings beyond the level that lasts as long as the rule holds. Readings between the
level and the hysteresis belong to the run that they follow, as they do when the rule watches.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer
from apps.accounts.selectors import areas_now
from apps.alerts.data import Trial
from apps.alerts.models import AlertRule, Condition
from apps.alerts.services.verdicts import APART, MIDDLE
from apps.core.errors import ProblemError
from apps.sensing.selectors import datastreams_visible

MOST_STREAMS, MOST_DAYS = 300, 31
SCOPE = """
    SELECT d.id, d.low, d.high, d.unit FROM sensing_datastream d JOIN sensing_thing t ON t.id = d.thing_id
     WHERE t.domain = %(domain)s AND t.active AND d.active AND NOT d.historical AND d.id = ANY (%(visible)s)
       AND (%(area)s = '' OR t.division ^@ ANY (%(prefixes)s))
       AND (d.id = %(datastream)s OR (%(datastream)s IS NULL AND %(kind)s IN ('', d.kind)))
     ORDER BY d.id
"""
# mark: 1 beyond the level, 0 back to normal, NULL between the two (and where a reading decides nothing)
RUNS = """
    WITH streams AS MATERIALIZED ({scope} LIMIT %(most)s),
    marked AS ({marks}),
    grouped AS (SELECT *, count(mark) OVER (PARTITION BY id ORDER BY time) AS part FROM marked),
    latched AS (SELECT id, time, max(mark) OVER (PARTITION BY id, part) AS state FROM grouped),
    turned AS (SELECT *, lag(state) OVER (PARTITION BY id ORDER BY time) AS before FROM latched
                WHERE state IS NOT NULL),
    numbered AS (SELECT *, count(*) FILTER (WHERE state IS DISTINCT FROM before)
                           OVER (PARTITION BY id ORDER BY time) AS run FROM turned),
    runs AS (SELECT id FROM numbered WHERE state = 1 GROUP BY id, run
             HAVING max(time) - min(time) >= make_interval(secs => %(hold)s))
    SELECT (SELECT count(*) FROM runs), (SELECT count(DISTINCT id) FROM runs), (SELECT count(*) FROM streams)
"""
READINGS = """
    SELECT s.id, o.phenomenon_time AS time,
           CASE WHEN %(sign)s * o.result > %(sign)s * %(level)s::float8 THEN 1
                WHEN %(sign)s * o.result <= %(sign)s * %(level)s::float8 - %(hysteresis)s THEN 0 END AS mark
      FROM streams s JOIN sensing_observation o ON o.datastream_id = s.id
     WHERE o.phenomenon_time >= %(since)s AND o.phenomenon_time < %(until)s
       AND o.quality < 2 AND o.result IS NOT NULL
"""
SILENCES = """
    SELECT id, time, CASE WHEN coalesce(next, %(until)s) - time > make_interval(secs => %(span)s)
                          THEN 1 ELSE 0 END AS mark
      FROM (SELECT s.id, o.phenomenon_time AS time,
                   lead(o.phenomenon_time) OVER (PARTITION BY s.id ORDER BY o.phenomenon_time) AS next
              FROM streams s JOIN sensing_observation o ON o.datastream_id = s.id
             WHERE o.phenomenon_time >= %(since)s AND o.phenomenon_time < %(until)s) stepped
"""
SHARES = """
    SELECT id, time, CASE WHEN figure > %(level)s THEN 1 WHEN figure <= %(level)s - %(hysteresis)s THEN 0 END
      AS mark
      FROM (SELECT s.id, o.phenomenon_time AS time,
                   avg(CASE WHEN o.quality < 2 THEN 0.0 ELSE 1.0 END) OVER (
                       PARTITION BY s.id ORDER BY o.phenomenon_time
                       RANGE BETWEEN make_interval(secs => %(span)s) PRECEDING AND CURRENT ROW) AS figure
              FROM streams s JOIN sensing_observation o ON o.datastream_id = s.id
             WHERE o.phenomenon_time >= %(since)s AND o.phenomenon_time < %(until)s) shared
"""
# Hours instead of readings: the mean of an hour against the same hour of the four weeks before it.
SCORES = """
    SELECT id, time, CASE WHEN figure > %(level)s THEN 1 WHEN figure <= %(level)s - %(hysteresis)s THEN 0 END
      AS mark
      FROM (SELECT s.id, h.bucket AS time, score.figure
              FROM streams s
              JOIN sensing_rolluphour h ON h.datastream_id = s.id AND h.count > 0
               AND h.bucket >= %(since)s AND h.bucket < %(until)s
             CROSS JOIN LATERAL (
                   SELECT array_agg(p.total / p.count) AS means FROM generate_series(1, 28) AS day
                     JOIN sensing_rolluphour p ON p.datastream_id = s.id AND p.count > 0
                      AND p.bucket = h.bucket - make_interval(days => day)) past
             CROSS JOIN LATERAL (
                   SELECT {middle} AS middle FROM unnest(past.means) mean) centre
             CROSS JOIN LATERAL (
                   SELECT CASE WHEN count(*) >= 5 THEN ({value_apart}) / greatest(
                          1.4826 * percentile_cont(0.5) WITHIN GROUP (ORDER BY {mean_apart}),
                          0.005 * (s.high - s.low), 1e-9) ELSE 0 END AS figure
                     FROM unnest(past.means) mean) score) scored
"""
DISTANCES = {
    "middle": MIDDLE.format(stream="s"),
    "value_apart": APART.format(stream="s", a="h.total / h.count", b="centre.middle"),
    "mean_apart": APART.format(stream="s", a="mean", b="centre.middle"),
}
MARKS = {
    Condition.THRESHOLD: READINGS,
    Condition.MISSING: SILENCES,
    Condition.QUALITY: SHARES,
    Condition.ANOMALY: SCORES,
}


def rule_trial(rule: AlertRule, *, viewer: Viewer, days: int = 7, until: datetime | None = None) -> Trial:
    """How many alarms the rule would have raised from the datastreams that the viewer may see.

    ProblemError for a fence, whose past is not kept.
    """
    condition = Condition(rule.condition)
    if condition not in MARKS:
        detail = _("A place cannot be tried: where things were is not kept with the readings.")
        raise ProblemError(detail, "condition", 409, "untried")
    if not 1 <= days <= MOST_DAYS:
        raise ProblemError(_("Try 1 to 31 days."), "days", code="range")
    end = until or timezone.now()
    streams = datastreams_visible(viewer=viewer, domain=rule.domain)
    values = _values(rule, end - timedelta(days=days), end)
    values["visible"] = list(streams.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(RUNS.format(scope=SCOPE, marks=MARKS[condition].format(**DISTANCES)), values)
        alarms, troubled, streams = cursor.fetchone()
        cursor.execute(COVERED.format(scope=SCOPE), values)
        covered = cursor.fetchone()[0]
    return Trial(alarms, troubled, streams, covered, days)


COVERED = "SELECT count(*) FROM ({scope}) covered"


def _values(rule: AlertRule, since: datetime, until: datetime) -> dict[str, Any]:
    return {
        "domain": rule.domain,
        "area": rule.area,
        "prefixes": list(areas_now([rule.area])[rule.area]),
        "datastream": rule.datastream_id,
        "kind": rule.kind,
        "most": MOST_STREAMS,
        "since": since,
        "until": until,
        "hold": 0 if rule.condition == Condition.MISSING else rule.hold,
        "span": rule.span,
        "level": rule.level,
        "hysteresis": rule.hysteresis,
        "sign": -1 if rule.side == "below" else 1,
    }
