"""Things, datastreams and their observations, as SensorThings names them."""

from __future__ import annotations

from apps.sensing.models.devices import Device
from apps.sensing.models.history import Edit, Revision
from apps.sensing.models.observations import (
    LatestValue,
    Observation,
    RollupDay,
    RollupDirty,
    RollupHour,
    RollupMinute,
)
from apps.sensing.models.places import FeatureOfInterest, HistoricalLocation, Location
from apps.sensing.models.rules import CleaningRule, CleaningRuleState
from apps.sensing.models.sensors import Sensor
from apps.sensing.models.things import Datastream, ObservedProperty, Thing
from apps.sensing.models.uploads import QuarantinedRow, Upload

__all__ = [
    "CleaningRule",
    "CleaningRuleState",
    "Datastream",
    "Device",
    "Edit",
    "FeatureOfInterest",
    "HistoricalLocation",
    "LatestValue",
    "Location",
    "Observation",
    "ObservedProperty",
    "QuarantinedRow",
    "Revision",
    "RollupDay",
    "RollupDirty",
    "RollupHour",
    "RollupMinute",
    "Sensor",
    "Thing",
    "Upload",
]
