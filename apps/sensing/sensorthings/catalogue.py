"""The eight entity types of the Sensing part, declared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import BigIntegerField, CharField, F, Func, OuterRef, Subquery, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Concat, NullIf

from apps.sensing.data import Flag, Quality
from apps.sensing.ingest.partitions import micros
from apps.sensing.models import (
    Datastream,
    FeatureOfInterest,
    HistoricalLocation,
    Location,
    Observation,
    ObservedProperty,
    Sensor,
    Thing,
)
from apps.sensing.sensorthings.entities import Entity, Navigation, Property

MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"


def unit_of(row: Datastream) -> dict[str, Any]:
    """The unit as its sender named it, else its UCUM code."""
    given: dict[str, Any] = row.unit_given
    return given or {"name": row.unit, "symbol": row.unit, "definition": f"ucum:{row.unit}"}


def quality_of(row: Observation) -> dict[str, Any]:
    """How far the result can be trusted, and which rules it broke."""
    flags = [flag.name for flag in Flag if flag and row.flags & flag]
    return {"quality": row.quality, "label": Quality(row.quality).name.lower(), "flags": flags}


def observation_id(row: Observation) -> str:
    """``<datastream>-<microseconds since 1970>``: the key of the table, so a replay meets itself."""
    return f"{row.datastream_id}-{micros(row.phenomenon_time)}"


def features_of(rows: Sequence[Observation]) -> list[int | None]:
    """The feature of interest of each observation: that of its datastream."""
    wanted = {row.datastream_id for row in rows}
    features = dict(Datastream.objects.filter(pk__in=wanted).values_list("pk", "feature_id"))
    return [features.get(row.datastream_id) for row in rows]


def unit_part(name: str) -> Coalesce:
    """A part of the unit for queries."""
    return Coalesce(KeyTextTransform(name, "unit_given"), F("unit"), output_field=TextField())


def one(name: str, target: str, back: str, *fields: str, **more: Any) -> Navigation:
    """A link to at most one entity, over our field of its name in lower case."""
    lookup = more.pop("lookup", fields[0])
    keys = more.pop("keys", lambda rows: [getattr(row, f"{lookup}_id") for row in rows])
    return Navigation(name, target, many=False, back=back, fields=fields, lookup=lookup, keys=keys, **more)


def many(name: str, target: str, back: str, *fields: str, owned: bool = False) -> Navigation:
    """A link to any number of entities."""
    return Navigation(name, target, many=True, back=back, fields=fields, owned=owned)


MICROSECONDS = Func(
    F("phenomenon_time"),
    template="(extract(epoch FROM %(expressions)s) * 1000000)::bigint",
    output_field=BigIntegerField(),
)
OBSERVATION_ID = Concat(
    Cast("datastream_id", CharField()), Value("-"), Cast(MICROSECONDS, CharField()), output_field=CharField()
)
TIMES = Observation.objects.filter(datastream=OuterRef("pk")).values("phenomenon_time")
NAME = Property("name", "text", ("name",))
DESCRIPTION = Property("description", "text", ("description",))
PROPERTIES = Property("properties", "json", ("properties",))
ENCODING = Property("encodingType", "text", ("encoding_type",))

ENTITIES = (
    Entity(
        "Thing",
        "Things",
        Thing,
        (NAME, DESCRIPTION, PROPERTIES),
        (
            many("Datastreams", "Datastream", "thing", "Datastream.thing"),
            many("Locations", "Location", "things", "Location.geometry"),
            many("HistoricalLocations", "HistoricalLocation", "thing", "HistoricalLocation.thing"),
        ),
        living={"active": True},
    ),
    Entity(
        "Location",
        "Locations",
        Location,
        (NAME, DESCRIPTION, ENCODING, Property("location", "geometry", ("geometry",)), PROPERTIES),
        (
            many("Things", "Thing", "locations", "geometry"),
            many("HistoricalLocations", "HistoricalLocation", "locations", "HistoricalLocation.thing"),
        ),
    ),
    Entity(
        "HistoricalLocation",
        "HistoricalLocations",
        HistoricalLocation,
        (Property("time", "time", ("time",)),),
        (
            one("Thing", "Thing", "historical_locations", "thing", implied=True),
            many("Locations", "Location", "historical_locations", "thing"),
        ),
        living={"thing__active": True},
    ),
    Entity(
        "Datastream",
        "Datastreams",
        Datastream,
        (
            Property(
                "name",
                "text",
                ("name", "key"),
                value=lambda row: row.name or row.key,
                expression=Coalesce(NullIf(F("name"), Value("")), F("key")),
            ),
            Property(
                "description",
                "text",
                ("description", "key"),
                value=lambda row: row.description or row.key,
                expression=Coalesce(NullIf(F("description"), Value("")), F("key")),
            ),
            Property(
                "observationType",
                "text",
                ("id",),
                value=lambda _row: MEASUREMENT,
                expression=Value(MEASUREMENT, output_field=TextField()),
            ),
            Property(
                "unitOfMeasurement",
                "json",
                ("unit", "unit_given"),
                value=unit_of,
                expression=Value(None, output_field=TextField()),
                parts={name: ("text", unit_part(name)) for name in ("name", "symbol", "definition")},
            ),
            Property(
                "observedArea",
                "geometry",
                ("feature", "FeatureOfInterest.geometry"),
                value=lambda row: row.area,
                lookup="feature__geometry",
                is_nullable=True,
            ),
            Property(
                "phenomenonTime",
                "period",
                ("id", "Observation.phenomenon_time"),
                value=lambda row: (row.first_time, row.last_time),
                can_ask=False,
            ),
            PROPERTIES,
        ),
        (
            one("Thing", "Thing", "datastreams", "thing", implied=True),
            one("Sensor", "Sensor", "datastreams", "sensor"),
            one("ObservedProperty", "ObservedProperty", "datastreams", "observed_property", implied=True),
            many("Observations", "Observation", "datastream", "Observation.datastream", owned=True),
        ),
        living={"active": True, "thing__active": True},
        extra_names=frozenset({"observedArea", "phenomenonTime"}),
        extras={
            "area": F("feature__geometry"),
            "first_time": Subquery(TIMES.order_by("phenomenon_time")[:1]),
            "last_time": Subquery(TIMES.order_by("-phenomenon_time")[:1]),
        },
    ),
    Entity(
        "Sensor",
        "Sensors",
        Sensor,
        (NAME, DESCRIPTION, ENCODING, Property("metadata", "json", ("metadata",)), PROPERTIES),
        (many("Datastreams", "Datastream", "sensor", "Datastream.sensor"),),
    ),
    Entity(
        "ObservedProperty",
        "ObservedProperties",
        ObservedProperty,
        (NAME, Property("definition", "text", ("definition",)), DESCRIPTION, PROPERTIES),
        (many("Datastreams", "Datastream", "observed_property", "Datastream.observed_property"),),
    ),
    Entity(
        "Observation",
        "Observations",
        Observation,
        (
            Property("phenomenonTime", "time", ("phenomenon_time",)),
            Property("resultTime", "time", ("recorded_at",)),
            Property("result", "number", ("result",), is_nullable=True),
            Property(
                "resultQuality",
                "json",
                ("quality", "flags"),
                value=quality_of,
                expression=Value(None, output_field=TextField()),
                parts={"quality": ("number", F("quality")), "flags": ("number", F("flags"))},
            ),
            Property(
                "parameters",
                "json",
                ("raw",),
                value=lambda row: {} if row.raw is None else {"raw": row.raw},
                expression=Value(None, output_field=TextField()),
                parts={"raw": ("number", F("raw"))},
            ),
        ),
        (
            one(
                "Datastream",
                "Datastream",
                "observation",
                "datastream",
                implied=True,
            ),
            one(
                "FeatureOfInterest",
                "FeatureOfInterest",
                "datastreams",
                "datastream",
                "Datastream.feature",
                lookup="datastream__feature",
                outer="datastream_id",
                keys=features_of,
            ),
        ),
        id=Property(
            "id",
            "text",
            ("datastream", "phenomenon_time"),
            value=observation_id,
            expression=OBSERVATION_ID,
            can_write=False,
        ),
        living={"datastream__active": True, "datastream__thing__active": True},
        order=("datastream_id", "phenomenon_time"),
    ),
    Entity(
        "FeatureOfInterest",
        "FeaturesOfInterest",
        FeatureOfInterest,
        (NAME, DESCRIPTION, ENCODING, Property("feature", "geometry", ("geometry",)), PROPERTIES),
        (many("Observations", "Observation", "datastream__feature", "Datastream.feature"),),
    ),
)
BY_NAME = {entity.name: entity for entity in ENTITIES}
BY_PLURAL = {entity.plural: entity for entity in ENTITIES}
BY_MODEL = {entity.model: entity for entity in ENTITIES}
