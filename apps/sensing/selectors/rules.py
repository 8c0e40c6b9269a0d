"""What a cleaning rule is tried on: the limits in force, and readings as they came."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection

from apps.sensing.cleaning.rules import Rules, rules_of
from apps.sensing.data import Batch, Floats, Integers
from apps.sensing.ingest.limits import limits_table, peers_number
from apps.sensing.ingest.streams import FACTS, LIVE
from apps.sensing.models import CleaningRule

# raw is what came; a reading that was corrected later has no moment of arrival any more
CAME = """
    SELECT string_agg(int8send(stream), ''::bytea), string_agg(int8send(time), ''::bytea),
           string_agg(float8send(result), ''::bytea), string_agg(int8send(arrived), ''::bytea)
      FROM (SELECT datastream_id AS stream, (extract(epoch FROM phenomenon_time) * 1000000)::bigint AS time,
                   coalesce(raw, result, 'NaN') AS result,
                   (extract(epoch FROM CASE WHEN raw IS NULL THEN recorded_at ELSE phenomenon_time END)
                    * 1000000)::bigint AS arrived
              FROM sensing_observation
             WHERE datastream_id = ANY(%s) AND phenomenon_time >= %s AND phenomenon_time < %s
             ORDER BY 1, 2) came
"""


@dataclass(frozen=True, slots=True)
class Came:
    """Readings as they came, sorted by (stream, time), and when each arrived, in microseconds."""

    batch: Batch
    arrived: Integers


@dataclass(frozen=True, slots=True)
class LimitTable:
    """Some streams' limits; ``peers``: the number of a group -> the streams that it compares."""

    ids: Integers
    limits: Floats
    peers: dict[int, Integers]

    def rules(self, streams: Integers) -> Rules:
        """The limits of each row's stream; every id must be in the table."""
        return rules_of(self.limits[np.searchsorted(self.ids, streams)])


def limits_in_force(datastream_ids: Sequence[int], *, draft: CleaningRule | None = None) -> LimitTable:
    """The limits of these streams, as they are, or as they would be with ``draft`` in force."""
    with connection.cursor() as cursor:
        cursor.execute(f"{FACTS} AND stream.id = ANY(%s) ORDER BY stream.id", [list(datastream_ids)])
        streams = cursor.fetchall()
        cursor.execute(LIVE)
        live = cursor.fetchall()
    if draft is not None:
        scope = (draft.domain, draft.kind, draft.datastream_id)
        live = [rule for rule in live if tuple(rule[:3]) != scope] + [(*scope, json.dumps(draft.limits))]
    limits = limits_table(streams, live)
    return LimitTable(np.array([row[0] for row in streams], np.int64), limits, peers_number(limits, streams))


def readings_as_they_came(datastream_ids: Sequence[int], *, start: datetime, end: datetime) -> Came:
    """The readings between ``start`` and ``end`` (excluded) before any correction; NaN for no value."""
    with connection.cursor() as cursor:
        cursor.execute(CAME, [list(datastream_ids), start, end])
        cells: Sequence[Any] = cursor.fetchone()
    kinds = (">i8", ">i8", ">f8", ">i8")
    columns = [
        np.frombuffer(cell or b"", kind).astype(kind[1:]) for cell, kind in zip(cells, kinds, strict=True)
    ]
    return Came(Batch(columns[0], columns[1], columns[2]), columns[3])
