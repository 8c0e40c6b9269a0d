"""Things, datastreams and their observations, as SensorThings names them."""

from __future__ import annotations

from apps.sensing.models.history import Edit, Revision
from apps.sensing.models.observations import (
    LatestValue,
    Observation,
    RollupDay,
    RollupDirty,
    RollupHour,
    RollupMinute,
)
from apps.sensing.models.things import Datastream, ObservedProperty, Thing
from apps.sensing.models.uploads import QuarantinedRow, Upload

__all__ = [
    "Datastream",
    "Edit",
    "LatestValue",
    "Observation",
    "ObservedProperty",
    "QuarantinedRow",
    "Revision",
    "RollupDay",
    "RollupDirty",
    "RollupHour",
    "RollupMinute",
    "Thing",
    "Upload",
]
