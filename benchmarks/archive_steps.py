"""The steps of the lake benchmark; runs inside the other system's Django."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection, transaction

from apps.archive.models import LakeFile
from apps.archive.services.exporting import day_export
from apps.archive.services.restoring import day_put_back
from apps.archive.services.verifying import file_verify

DOMAIN = "school"
OUT = "COPY (SELECT * FROM sensing_observation ORDER BY 1, 2) TO STDOUT (FORMAT BINARY)"
COLUMNS = "(datastream_id, phenomenon_time, result, quality, flags, raw, recorded_at)"
SELECTED = "SELECT datastream_id, phenomenon_time, result, quality, flags, raw, recorded_at"


def steps(day: str) -> str:
    """JSON: seconds of each step, bytes of the file, peak memory of the export in MB."""
    moment, found = date.fromisoformat(day), dict[str, Any]()
    blob = copied_out(found)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found["export_and_verify"] = seconds(lambda: day_export(DOMAIN, moment))
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    file = LakeFile.objects.get(day=moment)
    found["verify"] = seconds(lambda: file_verify(file))
    found["export"] = found["export_and_verify"] - found["verify"]
    found["bytes"], found["before"] = file.size, before / 1024
    emptied()
    found["restore"] = seconds(lambda: day_put_back(moment))
    emptied()
    found["copy_in"] = seconds(lambda: copied_in(blob))
    return json.dumps(found)


def seconds(step: Callable[[], object]) -> float:
    """How long a step took."""
    begin = time.perf_counter()
    step()
    return time.perf_counter() - begin


def copied_out(found: dict[str, Any]) -> str:
    """The bare COPY that the export cannot beat; the name of a table that keeps the rows."""
    with transaction.atomic(), connection.cursor() as cursor:
        begin = time.perf_counter()
        with cursor.copy(OUT) as copy:
            for _piece in copy:
                pass
        found["copy_out"] = time.perf_counter() - begin
        cursor.execute(f"CREATE TABLE bench_rows AS {SELECTED} FROM sensing_observation ORDER BY 1, 2")
    return "bench_rows"


def copied_in(table: str) -> None:
    """The same rows into the keyed table by one statement of the server."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO sensing_observation {COLUMNS} {SELECTED} FROM {table}")
        cursor.execute(f"DROP TABLE {table}")


def emptied() -> None:
    """An empty table."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE sensing_observation")
