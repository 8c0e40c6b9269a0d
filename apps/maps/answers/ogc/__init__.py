"""OGC API Features 1.0 (core, GeoJSON, OpenAPI 3.0) and the tile sets of OGC API Tiles 1.0."""

from __future__ import annotations
