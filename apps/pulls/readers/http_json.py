"""JSON answers: a list of items somewhere in them, each with a time and one or more values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError
from apps.pulls.data import Fetched, JsonMapping
from apps.pulls.models import Source
from apps.pulls.readers.reaching import source_fetch


def read(source: Source, mapping: JsonMapping) -> Fetched:
    """The readings of the answer; what is no reading goes to quarantine at the door."""
    answer = source_fetch(source, mapping, accept="application/json")
    if answer is None:
        return Fetched(unchanged=True)
    try:
        body = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ProblemError(_("The answer is not JSON."), "address", 502, "format") from error
    items = at_path(body, mapping.rows)
    if not isinstance(items, list):
        items = [items] if isinstance(items, dict) and not mapping.rows else None
    if items is None:
        detail = _("The answer has no list at %(path)s; the other side may have changed its format.")
        raise ProblemError(detail % {"path": mapping.rows or "."}, "mapping", 502, "format")
    headers = answer.headers
    rows = [row for item in items for row in item_rows(item, mapping)]
    return Fetched(rows, etag=headers.get("etag", ""), last_modified=headers.get("last-modified", ""))


def at_path(value: Any, path: str) -> Any:
    """What lies at a dotted path, list positions as numbers; None where there is nothing."""
    for part in path.split(".") if path else ():
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def item_rows(item: Any, mapping: JsonMapping) -> Iterator[dict[str, Any]]:
    """The readings of one item, in the shape that every door decodes; a value that is absent is a gap."""
    moment = _moment(at_path(item, mapping.time), mapping)
    name = at_path(item, mapping.datastream) if mapping.datastream else ""
    if mapping.values:
        for path, key in mapping.values.items():
            value = _number(at_path(item, path))
            if value is not None:
                yield {
                    "datastream": key.replace("{id}", str(name)),
                    "phenomenonTime": moment,
                    "result": value,
                }
        return
    row = {
        "datastream": mapping.keys.get(str(name), name),
        "phenomenonTime": moment,
        "result": _number(at_path(item, mapping.result)),
    }
    unit = at_path(item, mapping.unit) if mapping.unit else None
    yield row if unit is None else {**row, "unit": unit}


def _number(value: Any) -> Any:
    """Many write numbers as text; what is none stays as it is, so that quarantine shows it."""
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _moment(value: Any, mapping: JsonMapping) -> Any:
    """A time as the doors want it: with an offset, in milliseconds when it is a number."""
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return value
        return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(mapping.time_zone))).isoformat()
    if isinstance(value, int | float) and mapping.time_unit == "s":
        try:
            return datetime.fromtimestamp(value, UTC).isoformat()
        except (OverflowError, OSError, ValueError):
            return value
    return value
