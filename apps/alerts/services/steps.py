"""The steps from watches to alarms: each is one statement that returns the alarms it has changed.

Each can be repeated without harm: what it does follows from the rows alone. ``PARTS`` fills their blanks.
"""

from __future__ import annotations

RAISE = """
    INSERT INTO alerts_alarm (rule_id, datastream_id, domain, division, priority, state, value, since,
                              raised_at, last_raised_at, occurrences, is_group, size, shelve_reason)
    SELECT r.id, d.id, r.domain, t.division, r.priority, 'raised',
           CASE WHEN w.due THEN coalesce(w.figure, w.reading) ELSE w.peak END,
           CASE WHEN w.due THEN w.since ELSE w.episode_first END, %(now)s, %(now)s, 1, false, 0, ''
      FROM alerts_watch w
      JOIN alerts_alertrule r ON r.id = w.rule_id AND r.active
      JOIN sensing_datastream d ON d.id = w.datastream_id AND d.active AND NOT d.historical
      JOIN sensing_thing t ON t.id = d.thing_id
     WHERE (w.due OR w.missed) AND NOT EXISTS (
           SELECT FROM alerts_alarm a
            WHERE a.rule_id = r.id AND a.datastream_id = d.id AND a.state <> 'closed' AND NOT a.is_group)
    ON CONFLICT DO NOTHING
    RETURNING id
"""
AGAIN = """
    UPDATE alerts_alarm a
       SET state = 'raised', last_raised_at = %(now)s, occurrences = occurrences + 1,
           since = CASE WHEN w.due THEN w.since ELSE w.episode_first END,
           value = CASE WHEN w.due THEN coalesce(w.figure, w.reading) ELSE w.peak END,
           acknowledged_at = NULL, returned_at = NULL
      FROM alerts_watch w
     WHERE w.rule_id = a.rule_id AND w.datastream_id = a.datastream_id AND (w.due OR w.missed)
       AND a.state = 'returned' AND NOT a.is_group
    RETURNING a.id
"""
SPOKEN = "UPDATE alerts_watch SET missed = false WHERE missed RETURNING id"
# What was acknowledged closes by itself; a shelved alarm stays, so that it swallows its own repetitions.
QUIET = """
       SET returned_at = %(now)s,
           state = CASE WHEN a.acknowledged_at IS NULL OR a.shelved_until IS NOT NULL
                        THEN 'returned' ELSE 'closed' END,
           closed_at = CASE WHEN a.acknowledged_at IS NULL OR a.shelved_until IS NOT NULL
                            THEN NULL ELSE %(now)s END
"""
RETURN = """
    UPDATE alerts_alarm a {quiet}
      FROM alerts_alertrule r, sensing_datastream d
      LEFT JOIN alerts_watch w ON w.datastream_id = d.id
     WHERE r.id = a.rule_id AND d.id = a.datastream_id AND NOT a.is_group
       AND a.state IN ('raised', 'acknowledged')
       AND (NOT r.active OR NOT d.active OR d.historical OR (w.rule_id = r.id AND NOT w.breached))
    RETURNING a.id
"""
GROUP_RETURN = """
    UPDATE alerts_alarm a {quiet}
     WHERE a.is_group AND a.state IN ('raised', 'acknowledged') AND NOT EXISTS (
           SELECT FROM alerts_alarm m WHERE m.group_id = a.id AND m.state IN ('raised', 'acknowledged'))
    RETURNING a.id
"""
# More than flood_after alarms of a rule and a division within its window, one of them of this very moment.
FLOODS = """
    WITH floods AS (
        SELECT r.id AS rule_id, r.domain, r.priority, a.division, min(a.since) AS since
          FROM alerts_alarm a JOIN alerts_alertrule r ON r.id = a.rule_id
         WHERE NOT a.is_group AND a.last_raised_at > %(now)s - make_interval(secs => r.flood_window)
           AND (r.id, a.division) IN (SELECT rule_id, division FROM alerts_alarm WHERE id = ANY(%(ids)s))
         GROUP BY r.id, a.division
        HAVING count(*) > max(r.flood_after)
    )
"""
GROUP_NEW = """
    {floods}
    INSERT INTO alerts_alarm (rule_id, domain, division, priority, state, since, raised_at, last_raised_at,
                              occurrences, is_group, size, shelve_reason)
    SELECT rule_id, domain, division, priority, 'raised', since, %(now)s, %(now)s, 1, true, 0, '' FROM floods
    ON CONFLICT DO NOTHING
    RETURNING id
"""
GROUP_JOIN = """
    {floods}
    UPDATE alerts_alarm a SET group_id = g.id
      FROM floods f JOIN alerts_alarm g
        ON g.rule_id = f.rule_id AND g.division = f.division AND g.is_group AND g.state <> 'closed'
     WHERE a.rule_id = f.rule_id AND a.division = f.division AND NOT a.is_group AND a.state <> 'closed'
       AND a.group_id IS NULL AND a.shelved_until IS NULL
    RETURNING a.id
"""
GROUP_AGAIN = """
    UPDATE alerts_alarm g
       SET state = 'raised', last_raised_at = %(now)s, occurrences = g.occurrences + 1,
           acknowledged_at = NULL, returned_at = NULL
     WHERE g.is_group AND g.state IN ('acknowledged', 'returned') AND g.id IN (
           SELECT group_id FROM alerts_alarm WHERE id = ANY(%(ids)s) AND state = 'raised')
    RETURNING g.id
"""
GROUP_SIZE = """
    UPDATE alerts_alarm g SET size = (SELECT count(*) FROM alerts_alarm m WHERE m.group_id = g.id)
     WHERE g.id IN (SELECT group_id FROM alerts_alarm WHERE id = ANY(%(ids)s) AND group_id IS NOT NULL)
    RETURNING g.id
"""
SHELVES_END = """
    UPDATE alerts_alarm a
       SET shelved_until = NULL, shelve_reason = '',
           state = CASE WHEN a.state = 'returned' AND a.acknowledged_at IS NOT NULL
                        THEN 'closed' ELSE a.state END,
           closed_at = CASE WHEN a.state = 'returned' AND a.acknowledged_at IS NOT NULL THEN %(now)s END
     WHERE a.state <> 'closed' AND a.shelved_until <= %(now)s
    RETURNING a.id
"""
RECORD = """
    INSERT INTO alerts_alarmevent (alarm_id, act, at, by_id, note, value)
    SELECT id, CASE WHEN %(act)s = 'returned' AND state = 'closed' THEN 'closed' ELSE %(act)s END,
           %(now)s, %(by)s, %(note)s, value
      FROM alerts_alarm WHERE id = ANY(%(ids)s) ORDER BY id
    RETURNING id
"""
PARTS = {"floods": FLOODS, "quiet": QUIET}
