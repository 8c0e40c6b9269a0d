"""Datastreams into the lake: what a number in the observations means, and where it was measured."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
from django.apps import apps
from django.contrib.gis.geos import GEOSGeometry
from django.utils import timezone

from apps.archive.lake.files import table_write
from apps.archive.lake.places import Lake, streams_path
from apps.archive.models import LakeFile, LakeKind
from apps.core.domains import domain_get

FIELDS = ("id", "key", "kind", "unit", "thing__code", "thing_id")
STREAMS_SCHEMA = pa.schema(
    [
        pa.field("id", pa.int64(), nullable=False),
        pa.field("key", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("thing", pa.string(), nullable=False),
        pa.field("lon", pa.float64()),
        pa.field("lat", pa.float64()),
    ]
)


def streams_export(domain: str, *, lake: Lake) -> LakeFile:
    """Write the datastreams of a domain; as GeoParquet 1.1 where any of them has a place on a map."""
    table, path = streams_table(domain), streams_path(domain)
    size, checksum = table_write(lake, path, table)
    file, _made = LakeFile.objects.update_or_create(
        path=path,
        defaults={
            "kind": LakeKind.DATASTREAMS,
            "domain": domain,
            "rows": len(table),
            "size": size,
            "checksum": checksum,
            "exported_at": timezone.now(),
            "verified_at": None,
        },
    )
    return file


def streams_table(domain: str) -> pa.Table:
    """Datastreams of a domain by id, with the shape of their thing in EPSG:4326 where there is one."""
    model = apps.get_model("sensing.Datastream")
    rows = model._default_manager.filter(thing__domain=domain).order_by("pk").values_list(*FIELDS)
    shapes = thing_shapes(domain)
    found = [shapes.get(row[-1]) for row in rows]
    centres = [(None, None) if shape is None else shape.centroid.coords for shape in found]
    columns = [list(column) for column in zip(*(row[:-1] for row in rows), strict=True)] or [[]] * 5
    columns += [[centre[part] for centre in centres] for part in (0, 1)]
    table = pa.table(columns, schema=STREAMS_SCHEMA)
    return _with_geometry(table, found) if any(found) else table


def thing_shapes(domain: str) -> dict[int, GEOSGeometry]:
    """Shape by thing id, from every live layer of the domain."""
    shapes: dict[int, GEOSGeometry] = {}
    for layer in (layer for layer in domain_get(domain).layers if layer.live):
        rows = apps.get_model(layer.model)._default_manager.exclude(thing=None)
        shapes |= dict(rows.values_list("thing_id", "geometry"))
    return shapes


def _with_geometry(table: pa.Table, shapes: list[GEOSGeometry | None]) -> pa.Table:
    """The table with a WKB column and the metadata of GeoParquet 1.1; no CRS means longitude, latitude."""
    there = [shape for shape in shapes if shape is not None]
    boxes = [shape.extent for shape in there]
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": sorted({str(shape.geom_type) for shape in there}),
        "bbox": [
            *(min(box[part] for box in boxes) for part in (0, 1)),
            *(max(box[part] for box in boxes) for part in (2, 3)),
        ],
    }
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    wkb = [None if shape is None else bytes(shape.wkb) for shape in shapes]
    table = table.append_column(pa.field("geometry", pa.binary()), [wkb])
    return table.replace_schema_metadata({"geo": json.dumps(geo)})
