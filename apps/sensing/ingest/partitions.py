"""Monthly partitions of the observations, made ahead and on demand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np

from apps.core.locks import Lock
from apps.core.partitions import MonthlyTable
from apps.sensing.cleaning.judging import MICROSECONDS
from apps.sensing.data import Integers

OBSERVATIONS = MonthlyTable("sensing_observation", Lock.OBSERVATION_MONTHS)


def months_of(times: Integers) -> set[date]:
    """The first days of the months that hold these microseconds."""
    if not len(times):
        return set()
    months = np.unique(times.astype("datetime64[us]").astype("datetime64[M]"))
    return {month.astype(object) for month in months}


def detached_name(month: date) -> str:
    """The partition of a month, once it has been taken out of the table."""
    return f"sensing_detached_{month:%Y%m}"


def partitions_make(cursor: Any, months: set[date]) -> None:
    """Create what is missing, inside the caller's transaction."""
    OBSERVATIONS.make(cursor, months)


def micros(moment: datetime) -> int:
    """Microseconds since 1970 of an aware moment."""
    return round(moment.timestamp() * MICROSECONDS)
