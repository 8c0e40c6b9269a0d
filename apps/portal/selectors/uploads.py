"""What the page of an upload shows: its columns and what they may be, then what became of its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer
from apps.core.quantities import interval, quantity
from apps.portal.selectors.rows import plain, shown_all
from apps.privacy.services import row_fields
from apps.sensing.selectors import mapping_told
from apps.sensing.selectors.faults import Cause, FaultSaid, fault_causes, faults_said, reason_told

KEYS_MOST = 1000  # datastreams that a form offers to choose from
BATCH = 500
DIGITS = 3
QUARANTINE = "sensing.QuarantinedRow"
STREAMS = "sensing.Datastream"


@dataclass(frozen=True, slots=True)
class Implausible:
    """A value outside of its plausible range: where in the file it stands, and what would be plausible."""

    line: int
    column: str
    datastream: str
    value: str  # with its unit
    plausible: str


def keys_offered(viewer: Viewer, domain: str) -> list[str]:
    """Keys of datastreams of the domain that the viewer may know of."""
    streams = plain(viewer, STREAMS).filter(thing__domain=domain, active=True)
    return list(streams.order_by("key").values_list("key", flat=True)[:KEYS_MOST])


def rows_quarantined(viewer: Viewer, upload: Any) -> QuerySet[Any]:
    """The rows of an upload that could not be taken, in the order of its file."""
    return plain(viewer, QUARANTINE).filter(upload=upload).order_by("line", "pk")


def faults_shown(viewer: Viewer, upload: Any, rows: Iterable[Any]) -> list[FaultSaid]:
    """Rows of quarantine in words, each only as far as the viewer may see it."""
    several = list(rows)
    found = shown_all(viewer, several)
    for row, one in zip(several, found, strict=True):
        one.reason = reason_told(row, clear=row_fields(viewer, row)["row"].is_clear)
    return faults_said(found, mapping_told(viewer, upload))


def causes_shown(viewer: Viewer, upload: Any) -> list[Cause]:
    """Why rows of the upload are in quarantine; datastreams are named to whom the file is shown."""
    clear = row_fields(viewer, upload)["file"].is_clear
    return fault_causes(rows_quarantined(viewer, upload), mapping_told(viewer, upload), clear=clear)


def implausible_shown(viewer: Viewer, upload: Any) -> list[Implausible]:
    """The first values outside of their range; none where the file is closed to the viewer."""
    if not row_fields(viewer, upload)["implausible_rows"].is_clear:
        return []
    mapping = upload.mapping
    columns = {key: column for column, key in mapping.get("wide", {}).items()}
    return [
        Implausible(
            line=row["line"],
            column=columns.get(row["datastream"]) or mapping.get("result", ""),
            datastream=row["datastream"],
            value=quantity(row["result"], row["unit"], DIGITS),
            plausible=_range(row["low"], row["high"], row["unit"]),
        )
        for row in upload.implausible_rows
    ]


def _range(low: float | None, high: float | None, unit: str) -> str:
    if low is None:
        return _("at most %(high)s") % {"high": quantity(high, unit, DIGITS)}
    if high is None:
        return _("at least %(low)s") % {"low": quantity(low, unit, DIGITS)}
    return interval(low, high, unit, DIGITS)


def fault_lines(viewer: Viewer, upload: Any) -> tuple[list[str], Iterator[list[Any]]]:
    """Quarantine as a table to correct: the file's columns, and rows of line, column, reason and cells."""
    columns = _columns(mapping_told(viewer, upload))
    return columns, _lines(viewer, upload, columns)


def _columns(mapping: dict[str, Any]) -> list[str]:
    wide = mapping.get("wide") or {}
    parts = [mapping.get("time", ""), *wide]
    if not wide:
        parts += [mapping.get(name, "") for name in ("datastream", "result", "unit")]
    return [name for name in parts if name]


def _lines(viewer: Viewer, upload: Any, columns: Sequence[str]) -> Iterator[list[Any]]:
    rows: list[Any] = []
    for row in rows_quarantined(viewer, upload).iterator(chunk_size=BATCH):
        rows.append(row)
        if len(rows) == BATCH:
            yield from _said(faults_shown(viewer, upload, rows), columns)
            rows = []
    yield from _said(faults_shown(viewer, upload, rows), columns)


def _said(faults: Iterable[FaultSaid], columns: Sequence[str]) -> Iterator[list[Any]]:
    for fault in faults:
        cells = [fault.cells.get(name, "") for name in columns]
        yield [fault.line, fault.column, fault.reason, *cells]
