"""Observations as data arrays (18-088 section 12): few names, many values."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from apps.audit.services import seen
from apps.sensing.models import Observation
from apps.sensing.sensorthings.catalogue import BY_NAME
from apps.sensing.sensorthings.reading import Ask, Body
from apps.sensing.sensorthings.shaping import getter_of
from apps.sensing.sensorthings.syntax import Options


def data_arrays(ask: Ask, rows: Sequence[Any], options: Options) -> list[Body]:
    """One array for each run of observations of one datastream, in the order of the rows."""
    entity, select = BY_NAME["Observation"], set(options.select)
    getters = [
        (item.name, getter)
        for item in entity.properties
        for getter in [getter_of(ask.sight, entity, item)]
        if getter is not None and (not select or item.name in select)
    ]
    components = ["id", *(name for name, _getter in getters)]
    seen(Observation._meta.label, (), components, rows=len(rows))
    found = []
    for stream, run in groupby(rows, key=_stream):
        cells = [[entity.id.of(row), *(getter(row) for _name, getter in getters)] for row in run]
        link = f"{ask.root}/Datastreams({stream})"
        array = {"components": components, "dataArray@iot.count": len(cells), "dataArray": cells}
        found.append({"Datastream@iot.navigationLink": link, **array})
    return found


def _stream(row: Observation) -> int:
    return row.datastream_id
