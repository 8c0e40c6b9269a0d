"""Addresses and media types of the OGC pages."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from apps.maps.data import Asked

ROOT = "/ogc"
JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html; charset=utf-8"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
MVT = "application/vnd.mapbox-vector-tile"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
MERCATOR_QUAD = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
MERCATOR = "http://www.opengis.net/def/crs/EPSG/0/3857"
Link = dict[str, object]


def root(asked: Asked) -> str:
    """The absolute address of the landing page, without a slash at the end."""
    return f"{asked.base}{ROOT}"


def link(href: str, *, rel: str, kind: str = JSON, title: str = "") -> Link:
    """One link."""
    found: Link = {"href": href, "rel": rel, "type": kind}
    return found | ({"title": title} if title else {})


def with_query(asked: Asked, changes: Mapping[str, str]) -> str:
    """The address of the page itself with some parameters changed; "" takes one away."""
    query = {name: value for name, value in {**asked.query, **changes}.items() if value}
    return f"{asked.url}?{urlencode(query, safe=',:/')}" if query else asked.url


def self_links(asked: Asked, kind: str = JSON) -> list[Link]:
    """The page itself, and the page as people read it."""
    return [
        link(with_query(asked, {"f": "json"}), rel="self", kind=kind),
        link(with_query(asked, {"f": "html"}), rel="alternate", kind="text/html"),
    ]
