"""What a GET answers: a collection, an entity, its address, or one property of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from apps.audit.services import seen
from apps.core.errors import ProblemError
from apps.sensing.sensorthings.addresses import Place, absent
from apps.sensing.sensorthings.arrays import data_arrays
from apps.sensing.sensorthings.compiler import Compiler
from apps.sensing.sensorthings.counting import rows_count
from apps.sensing.sensorthings.reading import (
    Ask,
    Body,
    bodies,
    collection,
    extras_of,
    fixed_by,
    next_link,
    page_read,
)
from apps.sensing.sensorthings.shaping import getter_of, self_link
from apps.sensing.sensorthings.syntax import Options


def read_answer(ask: Ask, place: Place, options: Options, *, link: str) -> Body | str | None:
    """JSON, the text of ``$value``, or None where a property is empty."""
    if options.data_array and (place.is_single or place.ending or place.entity.name != "Observation"):
        detail = _("dataArray is a format of lists of Observations; leave it out here.")
        raise ProblemError(detail, "$resultFormat")
    if place.property:
        return _property(ask, place)
    if place.is_single:
        return entity_body(ask, place, options)
    if options.data_array:
        return _arrays(ask, place, options, link)
    fixed = fixed_by(place.link)
    body = collection(ask, place.entity, place.rows, options, link=link, fixed=fixed)
    if place.ending:
        body["value"] = [{"@iot.selfLink": item["@iot.selfLink"]} for item in body["value"]]
    return body


def entity_body(ask: Ask, place: Place, options: Options) -> Body:
    """One entity with what is expanded in it, or its address only."""
    extras = extras_of(place.entity, options)
    row = place.rows.annotate(**extras).first()
    if row is None:
        raise absent()
    if place.ending:
        return {"@iot.selfLink": self_link(ask.root, place.entity, row)}
    return bodies(ask, place.entity, [row], options)[0]


def _property(ask: Ask, place: Place) -> Body | str | None:
    name, *keys = place.property
    found = place.entity.property_by_name[name]
    row = place.rows.annotate(**place.entity.extras).first()
    getter = getter_of(ask.sight, place.entity, found)
    if row is None or getter is None:
        raise absent()
    seen(row._meta.label, (row.pk,), (name,))
    value: Any = getter(row)
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            raise absent()
        value = value[key]
    if value is None:
        return None
    return str(value) if place.ending else {place.property[-1]: value}


def _arrays(ask: Ask, place: Place, options: Options, link: str) -> Body:
    compiler, rows = Compiler(ask.sight, place.entity), place.rows
    if options.filter is not None:
        rows = rows.filter(compiler.predicate(options.filter))
    page = page_read(compiler, rows, options, fixed=fixed_by(place.link))
    body = rows_count(rows).as_json() if options.count else {}
    if page.token:
        body["@iot.nextLink"] = next_link(link, options, {"$skiptoken": page.token})
    return body | {"value": data_arrays(ask, page.rows, options)}
