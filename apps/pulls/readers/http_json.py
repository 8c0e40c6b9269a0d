"""JSON answers: a list of items somewhere in them, each with a time and one or more values."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from apps.core.errors import ProblemError
from apps.core.sentences import sentence as _
from apps.pulls.data import Fetched, JsonMapping
from apps.pulls.models import Source
from apps.pulls.readers.reaching import source_fetch
from apps.sensing.services.tables import cell_moment, number_in

PLACE = re.compile(r"\d{1,9}", re.ASCII)


def read(source: Source, mapping: JsonMapping) -> Fetched:
    """The readings of the answer; what is no reading goes to quarantine at the door."""
    answer = source_fetch(source, mapping, accept="application/json")
    if answer is None:
        return Fetched(unchanged=True)
    try:
        body = msgspec.json.decode(answer.body.removeprefix(BOM_UTF8))
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
    absent = names_absent(items, mapping) if items else []
    note = _("No item of the answer has: %(names)s.") % {"names": ", ".join(absent)} if absent else ""
    return Fetched(
        rows, note=note, etag=headers.get("etag", ""), last_modified=headers.get("last-modified", "")
    )


def at_path(value: Any, path: str) -> Any:
    """What lies at a dotted path, list positions as numbers; None where there is nothing.

    A name may hold dots itself (``PM2.5``): the longest name that an object has goes before shorter ones.
    """
    if not path or value is None:
        return value
    parts = path.split(".")
    if isinstance(value, Mapping):
        for length in range(len(parts), 0, -1):
            name = ".".join(parts[:length])
            if name in value and (found := at_path(value[name], ".".join(parts[length:]))) is not None:
                return found
        return None
    first, _dot, rest = path.partition(".")
    if not isinstance(value, list) or not PLACE.fullmatch(first) or int(first) >= len(value):
        return None
    return at_path(value[int(first)], rest)


def names_absent(items: Sequence[Any], mapping: JsonMapping) -> list[str]:
    """The mapped names that no item has: the other side has changed them, or they were mistyped."""
    wanted = (mapping.time, mapping.datastream, *(mapping.values or (mapping.result, mapping.unit)))
    return [name for name in wanted if name and not any(at_path(item, name) is not None for item in items)]


def item_rows(item: Any, mapping: JsonMapping) -> Iterator[dict[str, Any]]:
    """The readings of one item, in the shape that every channel decodes; a value that is absent is a gap."""
    moment = _moment(at_path(item, mapping.time), mapping)
    name = at_path(item, mapping.datastream) if mapping.datastream else ""
    if mapping.values:
        for path, key in mapping.values.items():
            value = number_in(at_path(item, path))
            if value is not None:
                yield {
                    "datastream": key.replace("{id}", str(name)),
                    "phenomenonTime": moment,
                    "result": value,
                }
        return
    row = {
        # the other side's number is no id of ours, so it counts as a name
        "datastream": mapping.keys.get(str(name), None if name is None else str(name)),
        "phenomenonTime": moment,
        "result": number_in(at_path(item, mapping.result)),
    }
    unit = at_path(item, mapping.unit) if mapping.unit else None
    yield row if unit is None else {**row, "unit": unit}


def _moment(value: Any, mapping: JsonMapping) -> Any:
    """A time as the channels want it: with an offset, in milliseconds when it is a number."""
    if isinstance(value, str):
        return cell_moment(value, ZoneInfo(mapping.time_zone))
    if isinstance(value, int | float) and not isinstance(value, bool) and mapping.time_unit == "s":
        try:
            return datetime.fromtimestamp(value, UTC).isoformat()
        except (OverflowError, OSError, ValueError):
            return value
    return value
