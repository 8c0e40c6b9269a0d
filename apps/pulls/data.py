"""What a source's mapping may say, and what a reader brings back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from apps.sensing.data import Fault


class Mapped(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A mapping; a word that nobody knows is an error.

    ``auth`` says how the secret is sent: ``bearer``, ``basic``, or ``header:<name>``.
    """

    auth: str = "bearer"


class JsonMapping(Mapped, frozen=True):
    """Dotted paths into a JSON answer: ``data.items`` names the list, the others a cell of each item.

    Long form names ``datastream`` and ``result``; wide form maps paths of values to keys, in which ``{id}``
    stands for the item's ``datastream``. ``keys`` translates the other side's names into our keys.
    """

    time: str
    rows: str = ""
    datastream: str = ""
    result: str = ""
    unit: str = ""
    values: dict[str, str] = {}
    keys: dict[str, str] = {}
    time_zone: str = "Asia/Shanghai"  # for times without an offset
    time_unit: str = "ms"  # of times that are numbers: "s" or "ms"


class TableMapping(Mapped, frozen=True):
    """The columns of a table file, as the upload page maps them."""

    time: str
    datastream: str = ""
    result: str = ""
    unit: str = ""
    wide: dict[str, str] = {}
    time_zone: str = "Asia/Shanghai"
    time_unit: str = ""  # of times that are numbers: "s", "ms" or "excel"


class OpcuaMapping(Mapped, frozen=True):
    """Node id -> datastream key: ``{"ns=2;s=Boiler.Temperature": "plant.B1.temperature"}``."""

    nodes: dict[str, str]
    user: str = ""


class GtfsMapping(Mapped, frozen=True):
    """A timetable needs no mapping."""


class GtfsRtMapping(Mapped, frozen=True):
    """Key templates with ``{route}``: how many vehicles report, and their mean delay in seconds.

    ``routes`` translates route ids into codes of ours; ``timetable`` is the number of the source that fetches
    the timetable, for feeds that name only the trip.
    """

    vehicles: str = ""
    delay: str = ""
    routes: dict[str, str] = {}
    timetable: int | None = None


class FhirMapping(Mapped, frozen=True):
    """``{"Device/m12": {"http://loinc.org|8867-4": "hospital.W1.heart_rate"}}``; all else is left behind."""

    devices: dict[str, dict[str, str]]
    pages: int = 50


MAPPINGS: Mapping[str, type[Mapped]] = {
    "http_json": JsonMapping,
    "http_csv": TableMapping,
    "opcua": OpcuaMapping,
    "gtfs": GtfsMapping,
    "gtfs_rt": GtfsRtMapping,
    "fhir": FhirMapping,
}


@dataclass(frozen=True, slots=True)
class Remark:
    """What the other side says about a reading beside its value: doubtful, wrong, or put right.

    ``quality`` 1 or 2 marks the stored reading; ``result`` replaces its value.
    """

    datastream: str
    at: datetime
    reason: str
    quality: int | None = None
    result: float | None = None
    unit: str = ""  # of ``result``, where it is not the stream's own


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a reader brings: rows, or faults that it has found itself, remarks, and a note for the run log."""

    rows: Iterable[Mapping[str, Any] | Fault] = ()
    remarks: tuple[Remark, ...] = ()
    note: str = ""
    etag: str = ""
    last_modified: str = ""
    position: dict[str, Any] = field(default_factory=dict)
    unchanged: bool = False
    counted: int | None = None  # rows that the reader has stored itself
