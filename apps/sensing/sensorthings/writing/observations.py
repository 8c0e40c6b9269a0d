"""Single observations: linked to their datastream, stored as all doors store, same id on a replay."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError
from apps.sensing.data import Conflict
from apps.sensing.ingest.moments import RowError, time_decode
from apps.sensing.ingest.streams import StreamTable
from apps.sensing.models import Datastream, Observation
from apps.sensing.sensorthings.access import writing_required
from apps.sensing.sensorthings.moments import moment_of
from apps.sensing.sensorthings.writing.context import Given, Writing
from apps.sensing.sensorthings.writing.fields import Fields
from apps.sensing.sensorthings.writing.places import feature_from_place
from apps.sensing.sensorthings.writing.storing import SHARED

CONFLICT = 409


class ReadingConflictError(ProblemError):
    """Another value is stored for the moment of an observation; whoever answers puts it into quarantine."""

    def __init__(self, conflicts: tuple[Conflict, ...], table: StreamTable, field: str) -> None:
        detail = _(
            "Another value is stored for this moment: %(stored)s, not %(sent)s. "
            "It stays; correct it in the portal or at /api/v1/sensing/corrections/."
        )
        first = conflicts[0]
        super().__init__(detail % {"stored": first.stored, "sent": first.result}, field, CONFLICT, "conflict")
        self.conflicts, self.table = conflicts, table


def observation_create(writing: Writing, fields: Fields, given: Given) -> Observation:
    """An observation that is stored when the request's other rows are made (``readings_write``)."""
    if fields.values.get("MultiDatastream") is not None:
        detail = _("This is not offered; send one Datastream for each value.")
        raise fields.fault("MultiDatastream", detail, "type")
    stream = writing.needed("Datastream", fields, given)
    writing_required(writing.domains, stream.thing.domain)
    for name in ("parameters", "validTime"):
        if fields.values.get(name):
            raise fields.fault(name, _("This is not kept with an observation; leave it out."), "unknown")
    detail = result_time_fault(fields.values.get("resultTime"))
    if detail:
        raise fields.fault("resultTime", detail, "format")
    feature_link(writing, fields, stream, given)
    moment = fields.values.get("phenomenonTime") or timezone.now()
    row = {"datastream": stream.pk, "phenomenonTime": moment, "result": fields.values.get("result")}
    writing.readings.append(row | {"sta_domain": stream.thing.domain, "sta_path": fields.path})
    return Observation(datastream=stream)


def result_time_fault(value: Any) -> str:
    """What is wrong with a resultTime; "" where it is a moment that has been.

    It must be one, but it is not kept: what is shown is since when this result is known here.
    """
    try:
        if value is not None:
            time_decode(value, first=0)
    except RowError as error:
        return error.detail
    return ""


def feature_link(writing: Writing, fields: Fields, stream: Datastream, given: Given) -> None:
    """The feature of interest of a stream, set by its first observation; another one later is refused."""
    asked = "FeatureOfInterest" in given or fields.values.get("FeatureOfInterest") is not None
    if not asked:
        found = feature_from_place(stream) if stream.feature_id is None else None
    elif stream.feature_id is None:
        found = writing.one("FeatureOfInterest", fields, given, Datastream=stream)
    else:
        found = None
        _same_feature_require(writing, fields, stream, given)
    if found is None:
        return
    if found.domain != stream.thing.domain or found.division not in {"", stream.thing.division}:
        detail = _("The feature of interest belongs to another domain or division.")
        raise fields.fault("FeatureOfInterest", detail, "domain")
    stream.feature = found
    stream.save(update_fields=["feature"])


def _same_feature_require(writing: Writing, fields: Fields, stream: Datastream, given: Given) -> None:
    linked = given.get("FeatureOfInterest")
    if linked is None:
        inner = fields.inside("FeatureOfInterest")
        linked = writing.linked("FeatureOfInterest", inner)
        is_same = linked is None and inner.values.get("name") == getattr(stream.feature, "name", None)
    else:
        is_same = False
    if not is_same and (linked is None or linked.pk != stream.feature_id):
        detail = _("All readings of a datastream are about one feature of interest; make another datastream.")
        raise ProblemError(detail, "FeatureOfInterest", CONFLICT, "feature")


def readings_write(writing: Writing) -> list[dict[str, Any]]:
    """Store the observations of the request, all or none; returns the condition for each row's key."""
    domains = {row["sta_domain"] for row in writing.readings}
    if not domains:
        return []
    if len(domains) > 1:
        raise ProblemError(_("Send the readings of one domain at a time."), "Datastream")
    plain = [{name: value for name, value in row.items() if "_" not in name} for row in writing.readings]
    decoded, stored = SHARED.store(plain, domain=domains.pop())
    for fault in stored.faults:
        path = str(writing.readings[fault.index]["sta_path"])
        raise ProblemError(fault.detail, f"{path}.{fault.field}".strip("."), code=fault.code)
    if stored.conflicts:
        path = str(writing.readings[stored.conflicts[0].index]["sta_path"])
        raise ReadingConflictError(stored.conflicts, decoded.table, f"{path}.result".strip("."))
    pairs = zip(decoded.batch.streams.tolist(), decoded.batch.times.tolist(), strict=True)
    return [{"datastream_id": stream, "phenomenon_time": moment_of(time)} for stream, time in pairs]
