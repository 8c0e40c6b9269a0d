"""The landing page and the conformance classes."""

from __future__ import annotations

from django.utils.translation import gettext as _

from apps.maps.answers.ogc.links import HTML, OPENAPI, link, root, self_links
from apps.maps.answers.ogc.pages import document, parameters_check
from apps.maps.data import Answer, Asked

FEATURES = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/"
CLASSES = [
    *(FEATURES + name for name in ("core", "geojson", "oas30", "html")),
    *(TILES + name for name in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt")),
]


def landing_answer(asked: Asked) -> Answer:
    """Where everything is."""
    parameters_check(asked)
    here = root(asked)
    links = [
        *self_links(asked),
        link(f"{here}/api", rel="service-desc", kind=OPENAPI, title=_("Description of this API")),
        link(f"{here}/api?f=html", rel="service-doc", kind=HTML, title=_("Description of this API")),
        link(f"{here}/conformance", rel="conformance", title=_("Conformance classes")),
        link(f"{here}/collections", rel="data", title=_("Collections")),
    ]
    description = _("The layers that you may see; every answer obeys your rights.")
    return document(asked, {"title": _("CityPlatform"), "description": description, "links": links})


def conformance_answer(asked: Asked) -> Answer:
    """Which parts of the standards are kept."""
    parameters_check(asked)
    return document(asked, {"title": _("Conformance classes"), "conformsTo": CLASSES})
