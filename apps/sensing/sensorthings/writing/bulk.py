"""``CreateObservations``: data arrays; each row is stored or goes to quarantine, and its place says which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError
from apps.sensing.data import Fault
from apps.sensing.ingest.quarantine import conflict_faults
from apps.sensing.models import Datastream
from apps.sensing.sensorthings.access import writing_required
from apps.sensing.sensorthings.writing.context import Writing
from apps.sensing.sensorthings.writing.fields import Fields
from apps.sensing.sensorthings.writing.observations import result_time_fault
from apps.sensing.sensorthings.writing.storing import SHARED, faults_quarantine

MOST_ROWS = 50_000
ROWS, COUNT, FEATURE = "dataArray", "dataArray@iot.count", "FeatureOfInterest/id"
KNOWN = {"phenomenonTime", "result", "resultTime", FEATURE}
NEEDED = ("phenomenonTime", "result")
MEMBERS = {"Datastream", "components", "dataArray", COUNT}


@dataclass(frozen=True, slots=True)
class Cells:
    """One row as the doors take it, or what is wrong with its form."""

    row: dict[str, Any]
    fault: str = ""
    field: str = ROWS


@transaction.atomic
def arrays_store(writing: Writing, body: Any, *, root: str) -> list[str]:
    """The address of each observation in the order of the body, "error" for one in quarantine."""
    if not isinstance(body, list):
        raise ProblemError(_("Send a list of data arrays."), "body", code="type")
    cells: list[Cells] = []
    domains = set()
    for index, item in enumerate(body):
        fields = Fields.of(item, str(index))
        stream = _stream(writing, fields)
        domains.add(stream.thing.domain)
        cells += _cells(fields, stream)
        if len(cells) > MOST_ROWS or len(domains) > 1:
            detail = _("Send at most %(most)d observations of one domain at a time.")
            raise ProblemError(detail % {"most": MOST_ROWS}, "body", 413, "too_large")
    return _stored(cells, domain=domains.pop(), root=root) if cells else []


def _stream(writing: Writing, fields: Fields) -> Datastream:
    found = writing.linked("Datastream", fields.inside("Datastream"))
    if found is None:
        raise fields.fault("Datastream.@iot.id", _("The field is missing."), "missing")
    writing_required(writing.domains, found.thing.domain)
    stream: Datastream = found
    return stream


def _cells(fields: Fields, stream: Datastream) -> list[Cells]:
    names, rows = fields.values.get("components"), fields.values.get("dataArray")
    for name in fields.values.keys() - MEMBERS:
        detail = _("There is no such member; there are: %(known)s.")
        raise fields.fault(name[:60], detail % {"known": ", ".join(sorted(MEMBERS))}, "unknown")
    if not isinstance(names, list) or not set(NEEDED) <= set(map(str, names)) <= KNOWN:
        detail = _("Name the columns: phenomenonTime and result, and at most %(known)s.")
        raise fields.fault("components", detail % {"known": ", ".join(sorted(KNOWN))}, "unknown")
    if not isinstance(rows, list):
        raise fields.fault("dataArray", _("This must be a list of lists."), "type")
    if len(set(names)) != len(names):
        raise fields.fault("components", _("Name each column once."), "duplicate")
    if fields.values.get(COUNT) not in {None, len(rows)}:
        detail = _("The array has %(count)d rows; a part of it may be missing.")
        raise fields.fault(COUNT, detail % {"count": len(rows)}, "length")
    return [_row(names, row, stream) for row in rows]


def _row(names: Sequence[str], row: Any, stream: Datastream) -> Cells:
    if not isinstance(row, list) or len(row) != len(names):
        return Cells(
            {"datastream": stream.pk, "cells": row}, _("The row has not as many cells as there are columns.")
        )
    values = dict(zip(names, row, strict=True))
    kept = {"datastream": stream.pk, **{name: values[name] for name in NEEDED}}
    late = result_time_fault(values.get("resultTime"))
    if late:
        return Cells(kept, late, "resultTime")
    if values.get(FEATURE) not in {None, stream.feature_id}:
        detail = _("All readings of a datastream are about one feature of interest; make another datastream.")
        return Cells(kept, detail, FEATURE)
    return Cells(kept)


def _stored(cells: Sequence[Cells], *, domain: str, root: str) -> list[str]:
    whole = [index for index, item in enumerate(cells) if not item.fault]
    decoded, stored = SHARED.store([cells[index].row for index in whole], domain=domain)
    refused = [*stored.faults, *conflict_faults(stored.conflicts, decoded.table)]
    bad = {whole[fault.index] for fault in refused}
    bent = [
        Fault(index, item.field, "length" if item.field == ROWS else "invalid", item.fault, item.row)
        for index, item in enumerate(cells)
        if item.fault
    ]
    refused = [replace(fault, index=whole[fault.index]) for fault in refused]
    faults_quarantine([*refused, *bent], domain=domain)
    found = ["error"] * len(cells)
    streams, times = decoded.batch.streams.tolist(), decoded.batch.times.tolist()
    numbers = [whole[number] for number in decoded.batch.numbers().tolist()]
    for index, stream, time in zip(numbers, streams, times, strict=True):
        if index not in bad:
            found[index] = f"{root}/Observations('{stream}-{time}')"
    return found
