"""Values of a body, checked one by one: every complaint names the field and the fix."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.gis.geos import GEOSException, GEOSGeometry
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError
from apps.core.geometry import geojson_read
from apps.sensing.sensorthings.expressions import moment_read

JSON_LONGEST = 50_000
SHAPES = (
    "Point",
    "LineString",
    "Polygon",
    "MultiPoint",
    "MultiLineString",
    "MultiPolygon",
    "GeometryCollection",
)
EAST, NORTH = 180.0, 90.0


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one object of a body; ``path`` leads to it from the outside."""

    values: Mapping[str, Any]
    path: str = ""

    @classmethod
    def of(cls, value: Any, path: str = "") -> Fields:
        """The fields of ``value``; ProblemError when it is no object."""
        if not isinstance(value, dict):
            raise ProblemError(_("This must be a JSON object."), path or "body", code="type")
        return cls(value, path)

    def fault(self, name: str, detail: str, code: str = "invalid") -> ProblemError:
        """A complaint about the field ``name``."""
        return ProblemError(detail, f"{self.path}.{name}".strip("."), code=code)

    def inside(self, name: str) -> Fields:
        """The object in the field ``name``."""
        return Fields.of(self.values.get(name), f"{self.path}.{name}".strip("."))

    def each(self, name: str) -> list[Fields]:
        """The objects in the list in the field ``name``; one object is a list of one."""
        value = self.values.get(name)
        items = [] if value is None else value if isinstance(value, list) else [value]
        path = f"{self.path}.{name}".strip(".")
        return [Fields.of(item, f"{path}.{index}") for index, item in enumerate(items)]

    def text(self, name: str, *, most: int, required: bool = False) -> str:
        """A text of at most ``most`` characters; "" where it is absent."""
        value = self.values.get(name)
        if value is None:
            value = ""
        if not isinstance(value, str) or not _is_storable(value):
            raise self.fault(name, _("This must be a text without zero characters."), "type")
        if required and not value.strip():
            raise self.fault(name, _("The field is missing."), "missing")
        if len(value) > most:
            raise self.fault(name, _("Use at most %(most)d characters.") % {"most": most}, "length")
        return value

    def json(self, name: str) -> Any:
        """Any JSON value that the database takes; None where it is absent."""
        value = self.values.get(name)
        try:
            text = json.dumps(value, allow_nan=False, ensure_ascii=False)
        except (ValueError, RecursionError):
            text = "\0"
        if len(text) > JSON_LONGEST or "\\u0000" in text or not _is_storable(text):
            raise self.fault(name, _("This value is too large, or holds what JSON cannot say."), "type")
        return value

    def object(self, name: str) -> dict[str, Any]:
        """A JSON object; empty where it is absent."""
        value = self.json(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self.fault(name, _("This must be a JSON object."), "type")
        return value

    def number(self, name: str, default: float) -> float:
        """A finite number."""
        value = self.values.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.fault(name, _("This must be a finite number."), "type")
        return float(value)

    def moment(self, name: str) -> datetime:
        """An ISO 8601 time with its offset."""
        text = self.text(name, most=40, required=True)
        try:
            return moment_read(text)
        except (ValueError, OverflowError):
            raise self.fault(name, _("Give an ISO 8601 time with an offset."), "format") from None

    def geometry(self, name: str) -> GEOSGeometry:
        """A GeoJSON geometry, or the one of a GeoJSON feature: longitude first, WGS 84."""
        value = self.values.get(name)
        if isinstance(value, dict) and value.get("type") == "Feature":
            value = value.get("geometry")
        if not isinstance(value, dict) or value.get("type") not in SHAPES:
            raise self.fault(name, _("This must be a GeoJSON geometry, such as a Point."), "type")
        try:
            found = geojson_read(value)
            west, south, east, north = found.extent
        except (ValueError, GEOSException):
            raise self.fault(name, _("This geometry cannot be read."), "geometry") from None
        if found.empty or found.num_coords * 40 > JSON_LONGEST or not found.valid:
            raise self.fault(name, _("This geometry is empty, too large or crosses itself."), "geometry")
        if not (-EAST <= west <= east <= EAST and -NORTH <= south <= north <= NORTH):
            detail = _("Give degrees of WGS 84, longitude first: from -180 to 180 and from -90 to 90.")
            raise self.fault(name, detail, "geometry")
        return found


def _is_storable(text: str) -> bool:
    """Whether PostgreSQL takes the text: no zero characters, no half characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
