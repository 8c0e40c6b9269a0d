"""The OpenAPI 3.0 document of ``/ogc``, with the collections and properties that the caller may see."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from apps.maps.answers.ogc.links import GEOJSON, JSON, MVT, OPENAPI, root
from apps.maps.answers.ogc.pages import document, parameters_check
from apps.maps.answers.ogc.parameters import PARAMETERS, item_parameters
from apps.maps.data import Answer, Asked
from apps.maps.selectors import LayerView, layers_visible

PROBLEM = {"content": {"application/problem+json": {"schema": {"type": "object"}}}}
KEY = {"name": "featureId", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}}
TILE = ("tileMatrix", "tileRow", "tileCol")
FORM = [{"$ref": "#/components/parameters/f"}]


def api_answer(asked: Asked) -> Answer:
    """The document; programs read from it how much a page may hold."""
    parameters_check(asked)
    pages = {"/": "getLandingPage", "/conformance": "getConformance", "/api": "getApi"}
    paths = {path: operation(name) for path, name in (pages | {"/collections": "getCollections"}).items()}
    for view in layers_visible(asked.viewer):
        paths |= collection_paths(view)
    body = {
        "openapi": "3.0.3",
        "info": {"title": _("CityPlatform"), "version": "1.0.0"},
        "servers": [{"url": root(asked)}],
        "security": [{"apiKey": []}, {"basic": []}],
        "paths": paths,
        "components": components(),
    }
    return document(asked, body, kind=OPENAPI)


def collection_paths(view: LayerView) -> dict[str, Any]:
    """The addresses of one collection."""
    here, name = f"/collections/{view.id}", view.id.replace(".", "_").replace("-", "_")
    tile = [{**KEY, "name": part} for part in TILE]
    return {
        here: operation(f"describe_{name}"),
        f"{here}/items": operation(f"items_{name}", parameters=item_parameters(view), kind=GEOJSON),
        f"{here}/items/{{featureId}}": operation(f"item_{name}", parameters=[KEY, *FORM], kind=GEOJSON),
        f"{here}/tiles": operation(f"tilesets_{name}"),
        f"{here}/tiles/WebMercatorQuad": operation(f"tileset_{name}"),
        f"{here}/tiles/WebMercatorQuad/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": operation(
            f"tile_{name}", parameters=tile, kind=MVT
        ),
    }


def operation(name: str, *, parameters: list[Any] | None = None, kind: str = JSON) -> dict[str, Any]:
    """One GET."""
    is_binary = kind == MVT
    schema = {"type": "string", "format": "binary"} if is_binary else {"type": "object"}
    answers = {
        "200": {"description": "OK", "content": {kind: {"schema": schema}}},
        **{code: {"$ref": f"#/components/responses/{code}"} for code in ("400", "401", "404")},
    } | ({"204": {"description": "Nothing lies here"}} if is_binary else {})
    found = FORM if parameters is None else parameters
    return {"get": {"operationId": name, "parameters": found, "responses": answers}}


def components() -> dict[str, Any]:
    """What the operations share."""
    texts = {"400": "A fault in the request", "401": "Not logged in", "404": "Not found"}
    return {
        "parameters": PARAMETERS,
        "responses": {code: {"description": text, **PROBLEM} for code, text in texts.items()},
        "securitySchemes": {
            "apiKey": {"type": "http", "scheme": "bearer"},
            "basic": {"type": "http", "scheme": "basic", "description": "The API key is the password."},
        },
    }
