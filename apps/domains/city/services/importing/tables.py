"""Sensor files as one table of values: wide (a column a sensor) or long (a row a reading)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError
from apps.domains.city.services.importing.files import Sheet
from apps.sensing.data import Floats, Integers

SENSOR_NAMES = ("sensor", "sensor_id", "thing", "datastream")
TIME_NAMES = ("time", "timestamp", "datetime", "phenomenonTime", "date")
VALUE_NAMES = ("value", "result")


@dataclass(frozen=True, slots=True)
class Clock:
    """How the file tells time: its zone, and start and step where it has no column of times."""

    zone: ZoneInfo
    start: datetime | None = None
    step: int = 0  # seconds


@dataclass(frozen=True, slots=True)
class Table:
    """Readings as columns: which sensor (index into ``sensors``), Unix seconds, value without NaN."""

    sensors: list[str]
    places: Integers
    times: Integers
    values: Floats


def table_of(sheet: Sheet, *, mapping: Mapping[str, str], clock: Clock) -> Table:
    """The readings of a sheet, in order of time."""
    is_long = "sensor" in mapping or any(name in sheet.header for name in SENSOR_NAMES)
    table = _long(sheet, mapping, clock) if is_long else _wide(sheet, mapping, clock)
    order = np.argsort(table.times, kind="stable")
    return Table(table.sensors, table.places[order], table.times[order], table.values[order])


def _names(mapping: Mapping[str, str], key: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    return (mapping[key],) if key in mapping else usual


def _long(sheet: Sheet, mapping: Mapping[str, str], clock: Clock) -> Table:
    time = sheet.column(*_names(mapping, "time", TIME_NAMES))
    sensor = sheet.column(*_names(mapping, "sensor", SENSOR_NAMES))
    value = sheet.column(*_names(mapping, "value", VALUE_NAMES))
    sensors = sorted({row[sensor].strip() for row in sheet.rows})
    place = {name: number for number, name in enumerate(sensors)}
    count = range(len(sheet.rows))
    values = np.array([sheet.number(row, value) for row in count])
    times = np.array([_seconds(sheet, row, time, clock) for row in count], dtype=np.int64)
    places = np.array([place[row[sensor].strip()] for row in sheet.rows], dtype=np.int64)
    seen = np.isfinite(values)
    return Table(sensors, places[seen], times[seen], values[seen])


def _wide(sheet: Sheet, mapping: Mapping[str, str], clock: Clock) -> Table:
    names = _names(mapping, "time", TIME_NAMES)
    time = next((sheet.header.index(name) for name in names if name in sheet.header), None)
    columns = [number for number in range(len(sheet.header)) if number != time]
    sensors = [sheet.header[number] for number in columns]
    _check_once(sheet, sensors)
    count = range(len(sheet.rows))
    values = np.array([[sheet.number(row, column) for column in columns] for row in count])
    clocked = (
        _even_times(len(sheet.rows), clock)
        if time is None
        else np.array([_seconds(sheet, row, time, clock) for row in count], dtype=np.int64)
    )
    rows, places = np.nonzero(np.isfinite(values))
    return Table(sensors, places.astype(np.int64), clocked[rows], values[rows, places])


def _check_once(sheet: Sheet, sensors: list[str]) -> None:
    for name in sensors:
        if sensors.count(name) > 1:
            words = _("%(file)s has the column %(name)s twice.")
            raise ProblemError(words % {"file": sheet.name, "name": name}, name)


def _even_times(count: int, clock: Clock) -> Integers:
    if clock.start is None or clock.step <= 0:
        raise ProblemError(_("The file has no column of times: say --start and --step."), "start")
    first = int(_located(clock.start, clock).timestamp())
    return first + clock.step * np.arange(count, dtype=np.int64)


def _seconds(sheet: Sheet, row: int, column: int, clock: Clock) -> int:
    word = sheet.rows[row][column].strip()
    try:
        moment = parse_datetime(word.replace("/", "-"))
    except ValueError:
        moment = None
    if moment is None:
        words = _("%(word)r is not a time such as 2026-03-01T08:05:00.")
        raise sheet.fault(row, column, words % {"word": word[:40]})
    return int(_located(moment, clock).timestamp())


def _located(moment: datetime, clock: Clock) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.zone)
