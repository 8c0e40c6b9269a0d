"""Changes with rules of their own: units and links of datastreams, corrections of observations."""

from __future__ import annotations

from typing import Any

from apps.core.errors import ProblemError
from apps.core.sentences import sentence as _
from apps.sensing.ingest.decoding import result_decode
from apps.sensing.ingest.moments import RowError, time_decode
from apps.sensing.ingest.partitions import micros
from apps.sensing.models import Datastream, Observation
from apps.sensing.sensorthings.writing.context import Writing
from apps.sensing.sensorthings.writing.fields import Fields
from apps.sensing.sensorthings.writing.members import parameters_require
from apps.sensing.sensorthings.writing.streams import sensor_require
from apps.sensing.services.corrections import observation_correct, observation_discard

CONFLICT = 409


def stream_links(writing: Writing, row: Datastream, fields: Fields, facts: dict[str, Any]) -> dict[str, Any]:
    """The linked rows of a datastream after a change; its thing stays, and its unit while it has readings."""
    thing, sensor = writing.one("Thing", fields, {}), writing.one("Sensor", fields, {})
    measured = writing.one("ObservedProperty", fields, {})
    if thing is not None and thing.pk != row.thing_id:
        detail = _("A datastream stays with its thing; make a new one there.")
        raise ProblemError(detail, "Thing", CONFLICT, "moved")
    if facts["unit"] != row.unit and Observation.objects.filter(datastream=row).exists():
        detail = _("The datastream has readings in %(unit)s; make a new one for another unit.")
        raise ProblemError(detail % {"unit": row.unit}, "unitOfMeasurement", CONFLICT, "unit")
    sensor_require(fields, sensor, row.thing)
    links = {"sensor": sensor, "observed_property": measured}
    return {name: value for name, value in links.items() if value is not None}


def observation_change(writing: Writing, row: Observation, fields: Fields) -> None:
    """Correct the result: the value before stays known, with who changed it and ``parameters.reason``."""
    _place_require(row, fields)
    parameters_require(fields, row)
    if "result" not in fields.values:
        raise fields.fault("result", _("Only the result of an observation can be changed."), "missing")
    try:
        result = result_decode(fields.values["result"])
    except RowError as error:
        raise fields.fault("result", error.detail, error.code) from None
    if result != row.result:
        observation_correct(
            row.datastream,
            at=row.phenomenon_time,
            result=result,
            reason=_reason(fields),
            viewer=writing.viewer,
        )


def observation_drop(writing: Writing, row: Observation) -> None:
    """Mark the observation as bad: it is kept, and nobody reckons with it any more."""
    reason = _("Deleted through SensorThings")
    observation_discard(row.datastream, at=row.phenomenon_time, reason=reason, viewer=writing.viewer)


def _place_require(row: Observation, fields: Fields) -> None:
    """An observation is its datastream and its moment: another of either is another observation."""
    moment = fields.values.get("phenomenonTime")
    try:
        is_same = moment is None or time_decode(moment, first=0) == micros(row.phenomenon_time)
    except RowError as error:
        raise fields.fault("phenomenonTime", error.detail, error.code) from None
    stream = fields.inside("Datastream").values.get("@iot.id") if fields.values.get("Datastream") else None
    if not is_same or (stream is not None and str(stream) != str(row.datastream_id)):
        detail = _("An observation keeps its time and its datastream; post a new one.")
        raise ProblemError(detail, "phenomenonTime", CONFLICT, "moved")


def _reason(fields: Fields) -> str:
    parameters = fields.object("parameters")
    given = parameters.get("reason")
    return str(given)[:300] if given else _("Changed through SensorThings")
