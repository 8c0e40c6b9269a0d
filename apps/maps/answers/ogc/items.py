"""The features of a collection, a page at a time by key."""

from __future__ import annotations

from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError
from apps.core.numbers import number_read, whole_number
from apps.maps.answers.ogc.links import CRS84, GEOJSON, JSON, Link, link, root, self_links, with_query
from apps.maps.answers.ogc.pages import page, parameters_check, wants_html
from apps.maps.data import Answer, Asked, box_read, span_read
from apps.maps.selectors import LayerView, Wanted, layer_view
from apps.maps.selectors.geojson import Written, features_count, features_written, shows_readings

USUAL, MOST = 1000, 10_000  # features a page
MOST_SKIPPED = 1_000_000
SYSTEMS = ("crs", "bbox-crs")  # GDAL names the one reference system that there is
PARAMETERS = ("bbox", "datetime", "limit", "cursor", "offset", "resultType", *SYSTEMS)
NOT_COUNTED = {"limit", "cursor", "offset", "f", "resultType", *SYSTEMS}


def items_answer(asked: Asked, *, layer: str) -> Answer:
    """A FeatureCollection with a link to the next page."""
    view, query = layer_view(layer, asked.viewer), asked.query
    parameters_check(asked, (*PARAMETERS, *view.properties))
    wanted = wanted_read(view, asked)
    if query.get("resultType") == "hits":
        return hits_answer(asked, view, wanted)
    limit = limit_read(query.get("limit", str(USUAL)))
    after = number_read(query.get("cursor", "0"), name="cursor", low=0, high=2**62)
    skip = number_read(query.get("offset", "0"), name="offset", low=0, high=MOST_SKIPPED)
    written = features_written(view, wanted=wanted, after=after, skip=skip, limit=limit)
    is_all = written.next_key is None and not after and not skip
    links = [*self_links(asked, GEOJSON), *next_links(asked, written), collection_link(asked, view)]
    return collection_written(asked, written, links, matched=written.count if is_all else None)


def limit_read(text: str) -> int:
    """The features of a page; a larger number is read as the maximum, as the standard has it."""
    if whole_number(text, low=MOST) is not None:
        return MOST
    return number_read(text, name="limit", low=1, high=MOST)


def wanted_read(view: LayerView, asked: Asked) -> Wanted:
    """What the caller asks for; a still layer has no time, so a period leaves all of it in."""
    query = asked.query
    for name in SYSTEMS:
        if query.get(name, CRS84) != CRS84:
            raise ProblemError(_("Coordinates are in CRS84 only: longitude, latitude of WGS 84."), name)
    period = span_read(query.get("datetime", ""), name="datetime")
    values = {name: value_read(view, name, query[name]) for name in view.properties if name in query}
    boxes = box_read(query.get("bbox", ""))
    return Wanted(boxes, period if period and shows_readings(view) else None, values)


def value_read(view: LayerView, name: str, text: str) -> Any:
    """The value of a property filter as its field has it."""
    fields = {field.name: field for field in view.model._meta.concrete_fields}
    try:
        return fields[name].to_python(text.replace("\x00", "\ufffd"))
    except (ValidationError, ValueError, OverflowError):
        raise ProblemError(_("The property cannot have this value."), name) from None


def hits_answer(asked: Asked, view: LayerView, wanted: Wanted) -> Answer:
    """Only how many features there are: the one question that is allowed to count."""
    question = repr(sorted((name, text) for name, text in asked.query.items() if name not in NOT_COUNTED))
    count = features_count(view, wanted=wanted, asked=question)
    return collection_written(asked, Written("", 0, None), self_links(asked, GEOJSON), matched=count)


def collection_written(
    asked: Asked, written: Written, links: list[Link], *, matched: int | None = None
) -> Answer:
    """A FeatureCollection around features that are text already."""
    head: dict[str, Any] = {"type": "FeatureCollection", "numberReturned": written.count}
    if matched is not None:
        head["numberMatched"] = matched
    head |= {"timeStamp": timezone.now(), "links": links}
    body = orjson.dumps(head)[:-1] + b',"features":[' + written.features.encode() + b"]}"
    return page(asked, body) if wants_html(asked) else Answer(body, GEOJSON)


def next_links(asked: Asked, written: Written) -> list[Link]:
    """Where the page after this one begins: by key, so that it costs no more than the first."""
    if written.next_key is None:
        return []
    href = with_query(asked, {"cursor": str(written.next_key), "offset": ""})
    return [link(href, rel="next", kind=GEOJSON, title=_("Next page"))]


def collection_link(asked: Asked, view: LayerView) -> Link:
    """The collection that a page belongs to."""
    return link(f"{root(asked)}/collections/{view.id}", rel="collection", kind=JSON)


def item_answer(asked: Asked, *, layer: str, pk: int) -> Answer:
    """One feature; 404 for one that does not exist or that the caller may not know of."""
    parameters_check(asked)
    view = layer_view(layer, asked.viewer)
    number_read(str(pk), name="id", low=0, high=2**63 - 1)
    written = features_written(view, wanted=Wanted(values={"pk": pk}), after=-1)
    if not written.count:
        raise ProblemError(_("There is no such feature, or you may not see it."), "id", 404, "unknown")
    links = orjson.dumps([*self_links(asked, GEOJSON), collection_link(asked, view)])
    body = written.features.encode()[:-1] + b',"links":' + links + b"}"
    return page(asked, body) if wants_html(asked) else Answer(body, GEOJSON)
