"""What each condition says of each watched datastream: one statement for thousands of streams at once.

Every statement gives the columns rule_id, datastream_id, hold, seen, reading, quality, figure, usable, breach
and what the watch knew before (was, was_since, was_due, was_bad). An unusable reading decides nothing.
"""

from __future__ import annotations

COLUMNS = """
    r.id AS rule_id, d.id AS datastream_id, r.hold, l.phenomenon_time AS seen, l.result AS reading, l.quality,
    coalesce(w.breached, false) AS was, w.since AS was_since, coalesce(w.due, false) AS was_due,
    coalesce(w.bad, 0) AS was_bad
"""
SCOPE = """
      FROM alerts_alertrule r
      JOIN sensing_thing t ON t.domain = r.domain AND t.active
       AND (r.area = '' OR EXISTS (
               SELECT FROM unnest(%(areas)s::text[], %(prefixes)s::text[]) AS part (area, prefix)
                WHERE part.area = r.area AND t.division ^@ part.prefix))
      JOIN sensing_datastream d ON d.thing_id = t.id AND d.active
       AND (r.datastream_id = d.id OR (r.datastream_id IS NULL AND r.kind IN ('', d.kind)))
      JOIN sensing_latestvalue l ON l.datastream_id = d.id
      LEFT JOIN alerts_watch w ON w.rule_id = r.id AND w.datastream_id = d.id
"""
CHOSEN = " WHERE r.active AND r.condition = %(condition)s "
FRESH = """
       AND (w.seen IS NULL OR (l.phenomenon_time, l.result, l.quality)
            IS DISTINCT FROM (w.seen, w.reading, w.quality))
"""
USABLE = "l.quality < 2 AND l.result IS NOT NULL"

THRESHOLD = """
    SELECT {columns}, l.result AS figure, {usable} AS usable,
           CASE r.side
             WHEN 'above' THEN l.result > r.level - CASE WHEN w.breached THEN r.hysteresis ELSE 0 END
             ELSE l.result < r.level + CASE WHEN w.breached THEN r.hysteresis ELSE 0 END
           END AS breach
    {scope} {chosen} {fresh}
"""

# A silent stream has no new reading: it is looked at each time, and written when the answer changes.
MISSING = """
    SELECT {columns}, NULL::float8 AS figure, true AS usable, silent.breach
    {scope}
     CROSS JOIN LATERAL (SELECT l.phenomenon_time < %(now)s - make_interval(secs => r.span) AS breach) silent
    {chosen} AND silent.breach IS DISTINCT FROM w.breached
"""

# Robust score: |value - median| / (1.4826 MAD) over the means of the same hour of the last four weeks; a MAD
# of nearly nothing counts as half a percent of the plausible range. Fewer than five such hours raise nothing.
ANOMALY = """
    SELECT {columns}, score.figure, {usable} AS usable,
           score.hours >= 5 AND score.figure > CASE WHEN w.breached THEN r.level - r.hysteresis
                                                    ELSE r.level END AS breach
    {scope}
     CROSS JOIN LATERAL (
           SELECT array_agg(h.total / h.count) AS means
             FROM generate_series(1, 28) AS day
             JOIN sensing_rolluphour h ON h.datastream_id = d.id AND h.count > 0
              AND h.bucket = date_trunc('hour', l.phenomenon_time) - make_interval(days => day)) past
     CROSS JOIN LATERAL (
           SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY mean) AS middle
             FROM unnest(past.means) mean) centre
     CROSS JOIN LATERAL (
           SELECT count(*) AS hours,
                  abs(l.result - centre.middle) / greatest(
                      1.4826 * percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(mean - centre.middle)),
                      0.005 * (d.high - d.low), 1e-9) AS figure
             FROM unnest(past.means) mean) score
    {chosen} {fresh}
"""

QUALITY = """
    SELECT {columns}, share.figure, share.readings >= 5 AS usable,
           share.figure > CASE WHEN w.breached THEN r.level - r.hysteresis ELSE r.level END AS breach
    {scope}
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
    SELECT {columns}, NULL::float8 AS figure, true AS usable, spot.breach
    {scope}
     CROSS JOIN LATERAL (
           SELECT ST_Intersects(p.place, r.fence) = (r.side = 'inside') AS breach
             FROM places p WHERE p.thing_id = t.id ORDER BY p.rank LIMIT 1) spot
    {chosen} AND r.fence IS NOT NULL
       AND (spot.breach IS DISTINCT FROM w.breached
            OR (w.breached AND NOT w.due AND l.phenomenon_time > w.seen))
"""
MOVING = """
    SELECT x.thing_id, ST_SetSRID(ST_MakePoint(lx.result, ly.result), 4326) AS place, 1 AS rank
      FROM sensing_datastream x
      JOIN sensing_observedproperty px ON px.id = x.observed_property_id AND px.name = 'longitude'
      JOIN sensing_latestvalue lx ON lx.datastream_id = x.id AND lx.quality < 2
      JOIN sensing_datastream y ON y.thing_id = x.thing_id
      JOIN sensing_observedproperty py ON py.id = y.observed_property_id AND py.name = 'latitude'
      JOIN sensing_latestvalue ly ON ly.datastream_id = y.id AND ly.quality < 2
"""
STANDING = """
    SELECT link.thing_id, place.geometry AS place, 2 AS rank
      FROM sensing_location_things link JOIN sensing_location place ON place.id = link.location_id
"""
MAPPED = "SELECT thing_id, geometry AS place, 3 AS rank FROM {table} WHERE thing_id IS NOT NULL"

# Evidence counts, not the clock: a breach is held when a usable reading ``hold`` seconds after the first says
# so.
KEEP = """
    INSERT INTO alerts_watch (rule_id, datastream_id, seen, reading, quality, figure, breached, since,
                              due, bad)
    SELECT rule_id, datastream_id, seen, reading, quality, figure, breached, since,
           CASE WHEN usable THEN breached AND seen - since >= make_interval(secs => hold) ELSE was_due END,
           was_bad + CASE WHEN usable THEN 0 ELSE 1 END
      FROM (SELECT judged.*, CASE WHEN NOT breached THEN NULL WHEN was THEN was_since ELSE seen END AS since
              FROM (SELECT verdict.*, CASE WHEN usable THEN coalesce(breach, false) ELSE was END AS breached
                      FROM ({verdict}) verdict) judged) dated
    ON CONFLICT (rule_id, datastream_id) DO UPDATE
       SET seen = excluded.seen, reading = excluded.reading, quality = excluded.quality,
           figure = excluded.figure, breached = excluded.breached, since = excluded.since,
           due = excluded.due, bad = excluded.bad
"""


def watches_statement(verdict: str, *, places: str = "") -> str:
    """The statement that brings the watches of one condition up to date.

    It takes ``now`` and ``condition``, and what the codes in each area begin with: ``areas``, ``prefixes``.
    """
    parts = {"columns": COLUMNS, "scope": SCOPE, "chosen": CHOSEN, "fresh": FRESH, "usable": USABLE}
    return KEEP.format(verdict=verdict.format(**parts, places=places))
