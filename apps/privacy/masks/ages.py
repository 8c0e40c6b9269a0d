"""Dates of birth and numbers: a year, an age of ten years' width, a band."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

WIDTH = 10
OLDEST = 90  # few people are older, so they stand together


def age_on(birth: date, day: date) -> int:
    """Completed years of life on ``day``."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def age_band(birth: date, *, on: date, width: int = WIDTH) -> str:
    """The age on a day as a band: "30-39"; "90+" for the oldest."""
    age = max(age_on(birth, on), 0)
    if age >= OLDEST:
        return f"{OLDEST}+"
    low = age // width * width
    return f"{low}-{low + width - 1}"


def birth_masked(value: Any) -> str:
    """1990-03-07 -> the band of the age today."""
    birth = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    return age_band(birth, on=timezone.localdate())


def year_masked(value: Any) -> str:
    """1990-03-07 -> 1990."""
    return str(value.year if isinstance(value, date) else value)[:4]


def band_masked(value: Any) -> str:
    """37 -> 30-39."""
    low = int(value) // WIDTH * WIDTH
    return f"{low}-{low + WIDTH - 1}"
