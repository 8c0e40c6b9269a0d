"""Privacy grades of the sensing models. A quarantined row may hold anything, so it is restricted."""

from __future__ import annotations

from apps.core.grades import INTERNAL, PUBLIC, RESTRICTED, graded

ROLLUP = {
    "datastream": PUBLIC,
    "bucket": PUBLIC,
    "count": PUBLIC,
    "total": INTERNAL,
    "lowest": INTERNAL,
    "highest": INTERNAL,
    "unusable": INTERNAL,
}
RULE = (
    *("id", "domain", "kind", "datastream", "limits", "version", "state", "trial"),
    *("made_by", "made_at", "live_at"),
)
DEVICE = ("id", "domain", "code", "kind", "active", "online", "seen_at", "created_by", "created_at")
EDIT = (
    *("id", "datastream", "start", "end", "operation", "value", "quality", "anchors", "reason"),
    *("changed", "made_by", "made_at", "undone_by", "undone_at"),
)
REVISION = (
    *("id", "datastream", "phenomenon_time", "result", "raw", "quality", "flags"),
    *("known_from", "known_until", "edit"),
)
PLACE = {
    "id": PUBLIC,
    "domain": PUBLIC,
    "division": PUBLIC,
    **dict.fromkeys(("name", "description", "encoding_type", "geometry", "properties"), INTERNAL),
}
SENSOR = {
    "id": PUBLIC,
    "domain": PUBLIC,
    **dict.fromkeys(("name", "description", "encoding_type", "metadata", "properties"), INTERNAL),
}

GRADES = {
    **graded(
        "ObservedProperty",
        id=PUBLIC,
        name=PUBLIC,
        title_zh=PUBLIC,
        title_en=PUBLIC,
        definition=PUBLIC,
        description=PUBLIC,
        properties=PUBLIC,
    ),
    **graded("Sensor", **SENSOR),
    **graded("Location", **PLACE),
    **graded("FeatureOfInterest", **PLACE),
    **graded("HistoricalLocation", id=PUBLIC, thing=INTERNAL, time=INTERNAL),
    **graded(
        "Thing",
        id=PUBLIC,
        domain=PUBLIC,
        code=INTERNAL,
        name=INTERNAL,
        owner=INTERNAL,
        division=PUBLIC,
        description=INTERNAL,
        properties=INTERNAL,
        active=INTERNAL,
        created_at=INTERNAL,
    ),
    **graded(
        "Datastream",
        id=PUBLIC,
        thing=INTERNAL,
        kind=PUBLIC,
        key=INTERNAL,
        observed_property=PUBLIC,
        name=INTERNAL,
        description=INTERNAL,
        properties=INTERNAL,
        sensor=INTERNAL,
        feature=INTERNAL,
        unit=PUBLIC,
        unit_given=PUBLIC,
        low=INTERNAL,
        high=INTERNAL,
        max_step=INTERNAL,
        stuck_after=INTERNAL,
        interval=INTERNAL,
        max_age=INTERNAL,
        plausible_from=INTERNAL,
        historical=PUBLIC,
        active=INTERNAL,
    ),
    **graded(
        "Observation",
        datastream=INTERNAL,
        phenomenon_time=INTERNAL,
        result=INTERNAL,
        quality=INTERNAL,
        flags=INTERNAL,
        raw=INTERNAL,
        recorded_at=INTERNAL,
    ),
    **graded("CleaningRule", **dict.fromkeys(RULE, INTERNAL)),
    **graded("Device", **dict.fromkeys(DEVICE, INTERNAL)),
    **graded("Edit", **dict.fromkeys(EDIT, INTERNAL)),
    **graded("Revision", **dict.fromkeys(REVISION, INTERNAL)),
    **graded(
        "LatestValue",
        datastream=INTERNAL,
        phenomenon_time=INTERNAL,
        result=INTERNAL,
        quality=INTERNAL,
        flags=INTERNAL,
    ),
    **graded("RollupMinute", **ROLLUP),
    **graded("RollupHour", **ROLLUP),
    **graded("RollupDay", **ROLLUP),
    **graded("ArchivedDay", id=INTERNAL, day=INTERNAL, archived_at=INTERNAL),
    **graded("ArchivedStream", datastream=INTERNAL, before=INTERNAL),
    **graded("RollupDirty", id=INTERNAL, hour=INTERNAL, datastreams=INTERNAL),
    **graded(
        "Upload",
        id=INTERNAL,
        domain=INTERNAL,
        division=INTERNAL,
        file=RESTRICTED,
        name=INTERNAL,
        mapping=RESTRICTED,
        rows=INTERNAL,
        stored=INTERNAL,
        repeated=INTERNAL,
        conflict=INTERNAL,
        quarantined=INTERNAL,
        implausible=INTERNAL,
        implausible_rows=RESTRICTED,
        job=INTERNAL,
        uploaded_by=INTERNAL,
        created_at=INTERNAL,
    ),
    **graded(
        "QuarantinedRow",
        id=INTERNAL,
        domain=INTERNAL,
        upload=INTERNAL,
        door=INTERNAL,
        line=INTERNAL,
        row=RESTRICTED,
        field=INTERNAL,
        code=INTERNAL,
        reason=INTERNAL,
        state=INTERNAL,
        settled_by=INTERNAL,
        settled_at=INTERNAL,
        created_at=INTERNAL,
    ),
}

# Fields that read like a person's and are not, or that colleagues need: each with its reason.
NOT_PERSONAL = {
    "Location.name": "the name of a place",
    "FeatureOfInterest.name": "the name of a place",
    "Sensor.name": "the name of a device",
    "ObservedProperty.name": "the name of a quantity",
    "ObservedProperty.title_zh": "the name of a quantity",
    "ObservedProperty.title_en": "the name of a quantity",
    "Thing.name": "the name of a thing",
    "Datastream.name": "the name of a series",
    "Upload.name": "the name of a file; its content is restricted",
}
