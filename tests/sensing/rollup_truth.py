"""Roll-ups computed from nothing but the observations, in plain Python: what must be stored, to the bit."""

from __future__ import annotations

import struct
from itertools import groupby

from apps.sensing.models import Observation, RollupDay, RollupHour, RollupMinute
from apps.sensing.models.observations import Rollup

Row = tuple[int, int, int, bytes, bytes, bytes, int]
Bucket = tuple[int, float, float | None, float | None, int]
TABLES: dict[str, type[Rollup]] = {"minute": RollupMinute, "hour": RollupHour, "day": RollupDay}


def bits(value: float | None) -> bytes:
    return b"" if value is None else struct.pack(">d", value)


def tables_stored() -> dict[str, list[Row]]:
    """Every row of the three tables."""
    fields = ("datastream_id", "bucket", "count", "total", "lowest", "highest", "unusable")
    return {
        name: sorted(
            (stream, int(at.timestamp()), count, bits(total), bits(low), bits(high), unusable)
            for stream, at, count, total, low, high, unusable in model.objects.values_list(*fields)
        )
        for name, model in TABLES.items()
    }


def tables_true() -> dict[str, list[Row]]:
    """What a computation from scratch gives: hours from readings in the order of time, days from hours."""
    hours = _from_readings(3600)
    return {"minute": _rows(_from_readings(60)), "hour": _rows(hours), "day": _rows(_days(hours))}


def _from_readings(width: int) -> dict[tuple[int, int], Bucket]:
    rows = Observation.objects.order_by("datastream_id", "phenomenon_time")
    found = {}
    fields = rows.values_list("datastream_id", "phenomenon_time", "result", "quality")
    for key, group in groupby(fields, key=lambda row: (row[0], int(row[1].timestamp()) // width * width)):
        several = list(group)
        used = [row[2] for row in several if row[3] < 2]
        low, high = min(used, default=None), max(used, default=None)
        low, high = (None if end is None else end + 0.0 for end in (low, high))
        found[key] = (len(used), added(used), low, high, len(several) - len(used))
    return found


def _days(hours: dict[tuple[int, int], Bucket]) -> dict[tuple[int, int], Bucket]:
    found = {}
    for key, group in groupby(sorted(hours), key=lambda hour: (hour[0], hour[1] // 86_400 * 86_400)):
        parts = [hours[hour] for hour in group]
        lows = [part[2] for part in parts if part[2] is not None]
        highs = [part[3] for part in parts if part[3] is not None]
        count, unusable = sum(part[0] for part in parts), sum(part[4] for part in parts)
        total = added([part[1] for part in parts])
        found[key] = (count, total, min(lows, default=None), max(highs, default=None), unusable)
    return found


def added(values: list[float]) -> float:
    """One after the other, as PostgreSQL's sum() over an order does."""
    total = 0.0
    for value in values:
        total += value
    return total


def _rows(buckets: dict[tuple[int, int], Bucket]) -> list[Row]:
    return sorted(
        (stream, at, count, bits(total), bits(low), bits(high), unusable)
        for (stream, at), (count, total, low, high, unusable) in buckets.items()
    )
