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
EDIT = (
    *("id", "datastream", "start", "end", "operation", "value", "quality", "anchors", "reason"),
    *("changed", "made_by", "made_at", "undone_by", "undone_at"),
)
REVISION = (
    *("id", "datastream", "phenomenon_time", "result", "raw", "quality", "flags"),
    *("known_from", "known_until", "edit"),
)

GRADES = {
    **graded("ObservedProperty", id=PUBLIC, name=PUBLIC, title_zh=PUBLIC, title_en=PUBLIC, definition=PUBLIC),
    **graded(
        "Thing",
        id=PUBLIC,
        domain=PUBLIC,
        code=INTERNAL,
        name=INTERNAL,
        owner=INTERNAL,
        division=PUBLIC,
        created_at=INTERNAL,
    ),
    **graded(
        "Datastream",
        id=PUBLIC,
        thing=INTERNAL,
        kind=PUBLIC,
        key=INTERNAL,
        observed_property=PUBLIC,
        unit=PUBLIC,
        low=INTERNAL,
        high=INTERNAL,
        max_step=INTERNAL,
        stuck_after=INTERNAL,
        interval=INTERNAL,
        max_age=INTERNAL,
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
    **graded("RollupDirty", id=INTERNAL, hour=INTERNAL, datastreams=INTERNAL),
    **graded(
        "Upload",
        id=INTERNAL,
        domain=INTERNAL,
        file=RESTRICTED,
        name=INTERNAL,
        mapping=INTERNAL,
        rows=INTERNAL,
        stored=INTERNAL,
        repeated=INTERNAL,
        quarantined=INTERNAL,
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
