"""What each condition says of each watched datastream: one statement for thousands of streams at once.

Every statement judges each reading that is new to a watch, not only the newest, and gives for it the columns
of ``COLUMNS`` and figure, usable and mark: 1 beyond the level, 0 back to normal, NULL between the two. An
unusable reading decides nothing. ``KEEP`` brings the watches up to date with them, ``LATE`` looks at readings
that were stored after newer ones of their stream.
"""

from __future__ import annotations

COLUMNS = """
    r.id AS rule_id, d.id AS datastream_id, r.hold, r.side, l.phenomenon_time AS seen, l.result AS reading,
    l.quality, coalesce(w.breached, false) AS was, w.since AS was_since, coalesce(w.due, false) AS was_due,
    coalesce(w.bad, 0) AS was_bad
"""
SCOPE = """
      FROM alerts_alertrule r
      JOIN sensing_thing t ON t.domain = r.domain AND t.active
       AND (r.area = '' OR EXISTS (
               SELECT FROM unnest(%(areas)s::text[], %(prefixes)s::text[]) AS part (area, prefix)
                WHERE part.area = r.area AND t.division ^@ part.prefix))
      JOIN sensing_datastream d ON d.thing_id = t.id AND d.active AND NOT d.historical
       AND (r.datastream_id = d.id OR (r.datastream_id IS NULL AND r.kind IN ('', d.kind)))
"""
WATCHED = " LEFT JOIN alerts_watch w ON w.rule_id = r.id AND w.datastream_id = d.id "
NEWEST = " JOIN sensing_latestvalue l ON l.datastream_id = d.id "

# All that lies between the newest reading that a watch has seen and the newest of now.
UNSEEN = """
      JOIN sensing_latestvalue v ON v.datastream_id = d.id
      LEFT JOIN alerts_watch w ON w.rule_id = r.id AND w.datastream_id = d.id
     CROSS JOIN LATERAL (
           SELECT v.phenomenon_time, v.result, v.quality
            UNION ALL
           SELECT o.phenomenon_time, o.result, o.quality FROM sensing_observation o
            WHERE o.datastream_id = d.id AND o.phenomenon_time < v.phenomenon_time
              AND o.phenomenon_time > greatest(w.seen, %(now)s - make_interval(hours => {hours}))
              AND w.seen IS NOT NULL) l
"""
FRESH = """
       AND (w.seen IS NULL OR (v.phenomenon_time, v.result, v.quality)
            IS DISTINCT FROM (w.seen, w.reading, w.quality))
"""

# What was stored by the transactions that have ended since the last look, older than what its watch has seen.
# A row is of this look when the number of its transaction lies between the oldest one that ran then and the
# oldest one that runs now: no commit is missed, however late, and none is looked at twice.
LATE_ROWS = """
    late AS MATERIALIZED (
        SELECT o.datastream_id, o.phenomenon_time, o.result, o.quality FROM sensing_observation o
         WHERE o.recorded_at >= %(began)s
           AND o.phenomenon_time > %(now)s - make_interval(hours => {hours})
           AND mod(mod(o.xmin::text::bigint - %(first)s, 4294967296) + 4294967296, 4294967296)
               < %(last)s - %(first)s)
"""
BEHIND = """
      JOIN alerts_watch k ON k.rule_id = r.id AND k.datastream_id = d.id AND NOT k.due
      JOIN late l ON l.datastream_id = d.id AND l.phenomenon_time < k.seen
      LEFT JOIN alerts_watch w ON false
"""
CHOSEN = " WHERE r.active AND r.condition = %(condition)s "
USABLE = "l.quality < 2 AND l.result IS NOT NULL"
LATE_HOURS = 72  # what happened before is history, and no alarm any more

THRESHOLD = """
    SELECT {columns}, l.result AS figure, {usable} AS usable,
           CASE WHEN side.sign * l.result > side.sign * r.level THEN 1
                WHEN side.sign * l.result <= side.sign * r.level - r.hysteresis THEN 0 END AS mark
    {scope} {readings}
     CROSS JOIN LATERAL (SELECT CASE r.side WHEN 'below' THEN -1 ELSE 1 END AS sign) side
    {chosen} {fresh}
"""

# A silent stream has no new reading: it is looked at each time, and written when the answer changes. One that
# never spoke is silent since its rule first looked.
MISSING = """
    SELECT {columns}, NULL::float8 AS figure, true AS usable, silent.breach::int AS mark
    {scope}
      LEFT JOIN sensing_latestvalue v ON v.datastream_id = d.id
      {watched}
     CROSS JOIN LATERAL (
           SELECT coalesce(v.phenomenon_time, w.seen, %(now)s) AS phenomenon_time, v.result,
                  coalesce(v.quality, 3) AS quality) l
     CROSS JOIN LATERAL (SELECT l.phenomenon_time < %(now)s - make_interval(secs => r.span) AS breach) silent
    {chosen} AND silent.breach IS DISTINCT FROM w.breached
"""

# Robust score: |value - median| / (1.4826 MAD) over the means of the same hour of the last four weeks; a MAD
# of nearly nothing counts as half a percent of the plausible range. Fewer than five such hours raise nothing.
# Degrees go round: 359 and 1 are two apart.
APART = """
    CASE WHEN {stream}.unit = 'deg' THEN 180 - abs(180 - mod(abs({a} - ({b}))::numeric, 360))
         ELSE abs({a} - ({b})) END
"""
MIDDLE = """
    CASE WHEN {stream}.unit = 'deg' THEN degrees(atan2(avg(sind(mean)), avg(cosd(mean))))
         ELSE percentile_cont(0.5) WITHIN GROUP (ORDER BY mean) END
"""
ANOMALY = """
    SELECT {columns}, score.figure, {usable} AS usable,
           CASE WHEN score.hours < 5 THEN 0 WHEN score.figure > r.level THEN 1
                WHEN score.figure <= r.level - r.hysteresis THEN 0 END AS mark
    {scope} {readings}
     CROSS JOIN LATERAL (
           SELECT array_agg(h.total / h.count) AS means
             FROM generate_series(1, 28) AS day
             JOIN sensing_rolluphour h ON h.datastream_id = d.id AND h.count > 0
              AND h.bucket = date_trunc('hour', l.phenomenon_time) - make_interval(days => day)) past
     CROSS JOIN LATERAL (
           SELECT {middle} AS middle FROM unnest(past.means) mean) centre
     CROSS JOIN LATERAL (
           SELECT count(*) AS hours,
                  ({value_apart}) / greatest(
                      1.4826 * percentile_cont(0.5) WITHIN GROUP (ORDER BY {mean_apart}),
                      0.005 * (d.high - d.low), 1e-9) AS figure
             FROM unnest(past.means) mean) score
    {chosen} {fresh}
"""

QUALITY = """
    SELECT {columns}, share.figure, share.readings >= 5 AS usable,
           CASE WHEN share.figure > r.level THEN 1
                WHEN share.figure <= r.level - r.hysteresis THEN 0 END AS mark
    {scope} {readings}
     CROSS JOIN LATERAL (
           SELECT count(*) AS readings, avg(CASE WHEN o.quality < 2 THEN 0.0 ELSE 1.0 END)::float8 AS figure
             FROM sensing_observation o
            WHERE o.datastream_id = d.id AND o.phenomenon_time <= l.phenomenon_time
              AND o.phenomenon_time > l.phenomenon_time - make_interval(secs => r.span)) share
    {chosen} {fresh}
"""

# places: thing_id, place, rank; the place of least rank counts (moving, then SensorThings, then the map's).
GEOFENCE = """
    WITH places AS MATERIALIZED ({places})
    SELECT {columns}, NULL::float8 AS figure, true AS usable, spot.breach::int AS mark
    {scope} {newest} {watched}
     CROSS JOIN LATERAL (
           SELECT ST_Intersects(p.place, r.fence) = (r.side = 'inside') AS breach
             FROM places p WHERE p.thing_id = t.id ORDER BY p.rank LIMIT 1) spot
    {chosen} AND r.fence IS NOT NULL
       AND (spot.breach IS DISTINCT FROM w.breached
            OR (w.breached AND NOT w.due AND l.phenomenon_time > w.seen))
"""
# A place is a longitude and a latitude of one moment: the newest one that has both.
MOVING = """
    SELECT x.thing_id, ST_SetSRID(ST_MakePoint(spot.x, spot.y), 4326) AS place, 1 AS rank
      FROM sensing_datastream x
      JOIN sensing_observedproperty px ON px.id = x.observed_property_id AND px.name = 'longitude'
      JOIN sensing_latestvalue lx ON lx.datastream_id = x.id
      JOIN sensing_datastream y ON y.thing_id = x.thing_id
      JOIN sensing_observedproperty py ON py.id = y.observed_property_id AND py.name = 'latitude'
      JOIN sensing_latestvalue ly ON ly.datastream_id = y.id
     CROSS JOIN LATERAL (
           (SELECT lx.result AS x, ly.result AS y, lx.phenomenon_time AS at
             WHERE lx.phenomenon_time = ly.phenomenon_time AND lx.quality < 2 AND ly.quality < 2
               AND lx.result IS NOT NULL AND ly.result IS NOT NULL)
            UNION ALL
           (SELECT ox.result, oy.result, ox.phenomenon_time
              FROM sensing_observation ox
              JOIN sensing_observation oy
                ON oy.datastream_id = y.id AND oy.phenomenon_time = ox.phenomenon_time
             WHERE ox.datastream_id = x.id AND ox.quality < 2 AND oy.quality < 2
               AND ox.result IS NOT NULL AND oy.result IS NOT NULL
               AND ox.phenomenon_time <= least(lx.phenomenon_time, ly.phenomenon_time)
               AND ox.phenomenon_time > least(lx.phenomenon_time, ly.phenomenon_time) - interval '1 day'
             ORDER BY ox.phenomenon_time DESC LIMIT 1)
            ORDER BY at DESC LIMIT 1) spot
"""
STANDING = """
    SELECT link.thing_id, place.geometry AS place, 2 AS rank
      FROM sensing_location_things link JOIN sensing_location place ON place.id = link.location_id
"""
MAPPED = "SELECT thing_id, geometry AS place, 3 AS rank FROM {table} WHERE thing_id IS NOT NULL"

# Each reading with the state in which it leaves its watch; the first of a watch (``place`` 0) is what the
# watch knew. Evidence counts, not the clock: a breach is held when a usable reading ``hold`` seconds after
# the first says so. ``due`` of an unusable reading is NULL.
JUDGED = """
    verdict AS MATERIALIZED ({verdict}),
    marked AS (
        SELECT rule_id, datastream_id, hold, side, seen, reading, quality, figure, usable,
               CASE WHEN usable THEN mark END AS mark, was_due, was_bad, 1 AS place, seen AS begun
          FROM verdict
         UNION ALL
        SELECT DISTINCT rule_id, datastream_id, hold, side, NULL::timestamptz, NULL::float8, NULL::smallint,
               NULL::float8, true, was::int, was_due, was_bad, 0, was_since
          FROM verdict),
    parted AS (
        SELECT *, count(mark) OVER (PARTITION BY rule_id, datastream_id ORDER BY place, seen) AS part
          FROM marked),
    latched AS (
        SELECT *, max(mark) OVER (PARTITION BY rule_id, datastream_id, part) = 1 AS beyond FROM parted),
    turned AS (
        SELECT *, lag(beyond) OVER (PARTITION BY rule_id, datastream_id ORDER BY place, seen) AS before
          FROM latched),
    numbered AS (
        SELECT *, count(*) FILTER (WHERE beyond IS DISTINCT FROM before)
                  OVER (PARTITION BY rule_id, datastream_id ORDER BY place, seen) AS run FROM turned),
    dated AS (
        SELECT *, min(begun) OVER (PARTITION BY rule_id, datastream_id, run) AS since,
               run = 1 AND was_due AS is_known FROM numbered),
    judged AS (
        SELECT *, CASE WHEN usable THEN beyond AND seen - since >= make_interval(secs => hold) END AS due,
               row_number() OVER (PARTITION BY rule_id, datastream_id ORDER BY place DESC, seen DESC) AS back
          FROM dated),
    episodes AS (
        SELECT rule_id, datastream_id, min(since) FILTER (WHERE due AND NOT is_known) AS first,
               max(seen) FILTER (WHERE due) AS last,
               CASE min(side) WHEN 'below' THEN min(coalesce(figure, reading)) FILTER (WHERE due)
                              ELSE max(coalesce(figure, reading)) FILTER (WHERE due) END AS peak,
               (array_agg(due ORDER BY place DESC, seen DESC) FILTER (WHERE due IS NOT NULL))[1] AS due,
               min(was_bad) + count(*) FILTER (WHERE place = 1 AND NOT usable) AS bad
          FROM judged GROUP BY rule_id, datastream_id)
"""
KEEP = """
    WITH {judged}
    INSERT INTO alerts_watch AS known
           (rule_id, datastream_id, seen, reading, quality, figure, breached, since, due, bad,
            missed, peak, episode_first, episode_last)
    SELECT j.rule_id, j.datastream_id, j.seen, j.reading, j.quality, j.figure, j.beyond,
           CASE WHEN j.beyond THEN j.since END, coalesce(e.due, j.was_due), e.bad,
           e.first IS NOT NULL AND NOT coalesce(e.due, j.was_due), e.peak, e.first, e.last
      FROM judged j JOIN episodes e USING (rule_id, datastream_id) WHERE j.back = 1 AND j.place = 1
    ON CONFLICT (rule_id, datastream_id) DO UPDATE
       SET seen = excluded.seen, reading = excluded.reading, quality = excluded.quality,
           figure = excluded.figure, breached = excluded.breached, since = excluded.since,
           due = excluded.due, bad = excluded.bad, missed = known.missed OR excluded.missed,
           peak = coalesce(excluded.peak, known.peak),
           episode_first = CASE WHEN excluded.episode_first - interval '10 minutes' > known.episode_last
                                THEN excluded.episode_first
                                ELSE coalesce(known.episode_first, excluded.episode_first) END,
           episode_last = coalesce(excluded.episode_last, known.episode_last)
"""
# Late readings are judged among themselves; what an alarm has spoken of already raises none.
LATE = """
    WITH {late}, {judged}
    UPDATE alerts_watch known
       SET missed = true, peak = e.peak, episode_first = least(known.episode_first, e.first),
           episode_last = greatest(known.episode_last, e.last)
      FROM episodes e
     WHERE known.rule_id = e.rule_id AND known.datastream_id = e.datastream_id AND e.first IS NOT NULL
       AND (known.episode_last IS NULL OR e.first > known.episode_last OR e.last < known.episode_first)
"""


def watches_statement(verdict: str, *, places: str = "") -> str:
    """The statement that brings the watches of one condition up to date.

    It takes ``now`` and ``condition``, and what the codes in each area begin with: ``areas``, ``prefixes``.
    """
    return KEEP.format(judged=JUDGED.format(verdict=_filled(verdict, UNSEEN, FRESH, places)))


def late_statement(verdict: str) -> str:
    """The statement that looks at late readings: takes ``began``, ``first`` and ``last`` as well."""
    late = LATE_ROWS.format(hours=LATE_HOURS)
    return LATE.format(late=late, judged=JUDGED.format(verdict=_filled(verdict, BEHIND, "", "")))


def _filled(verdict: str, readings: str, fresh: str, places: str) -> str:
    parts = {"columns": COLUMNS, "scope": SCOPE, "chosen": CHOSEN, "fresh": fresh, "usable": USABLE}
    return verdict.format(
        **parts,
        readings=readings.format(hours=LATE_HOURS),
        watched=WATCHED,
        newest=NEWEST,
        places=places,
        middle=MIDDLE.format(stream="d"),
        value_apart=APART.format(stream="d", a="l.result", b="centre.middle"),
        mean_apart=APART.format(stream="d", a="mean", b="centre.middle"),
    )
