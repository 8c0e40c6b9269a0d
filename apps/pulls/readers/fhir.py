"""Measurements of devices from a hospital system: FHIR Observation search, R4B and R5.

Nothing about a patient is kept: a row holds our key, time, value and unit. What is not mapped by device or
place is left behind uncounted, so that not even quarantine learns of it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec

from apps.core.errors import ProblemError
from apps.core.sentences import sentence as _
from apps.pulls.data import Fetched, FhirMapping, Remark
from apps.pulls.models import Source
from apps.pulls.readers.http_json import at_path
from apps.pulls.readers.reaching import source_fetch
from apps.sensing.data import Fault

SHOWN = 40  # characters of what the other side wrote
UCUM = "http://unitsofmeasure.org"
TAKEN = {"final", "amended", "corrected", "entered-in-error"}
PLACES = ("Device/", "DeviceMetric/", "Location/")  # a subject of another kind is a person


def read(source: Source, mapping: FhirMapping) -> Fetched:
    """The mapped measurements since the last run, page by page.

    The position moves only past what has been read: where the limit of pages ends a run, the next one goes on
    at the page after, in whatever order the server gives them.
    """
    pages = Pages(source, mapping)
    rows: list[dict[str, Any] | Fault] = []
    remarks: list[Remark] = []
    for resource in pages:
        for row in observation_rows(resource, mapping):
            remark = _remark(row, str(resource.get("status", "")))
            remarks += [remark] if remark else []
            rows.append(row)
    return Fetched(rows, remarks=tuple(remarks), position=pages.position())


class Pages:
    """Every Observation of the pages of one run."""

    def __init__(self, source: Source, mapping: FhirMapping) -> None:
        self._source, self._mapping = source, mapping
        self._since = str(source.position.get("last_updated", ""))
        self._newest = str(source.position.get("newest", "")) or self._since
        self._next = str(source.position.get("next", ""))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        url = self._next or self._first()
        for number in range(self._mapping.pages):
            bundle = self._page(url, is_first=number == 0)
            yield from self._resources(bundle)
            self._next = _next(bundle)
            if not self._next:
                return
            self._next = url = urljoin(url, self._next)
            self._host_require(url)

    def position(self) -> dict[str, Any]:
        """Where the next run goes on."""
        if self._next:
            return {"last_updated": self._since, "newest": self._newest, "next": self._next}
        return {"last_updated": self._newest} if self._newest else {}

    def _first(self) -> str:
        """What has changed since the last run."""
        url = self._source.address
        if not self._since:
            return url
        return url + ("&" if "?" in url else "?") + urlencode({"_lastUpdated": f"ge{self._since}"})

    def _page(self, url: str, *, is_first: bool) -> dict[str, Any]:
        """A page; one that was left over by the last run may have been forgotten: then from the beginning."""
        self._host_require(url)
        try:
            return _bundle(self._source, self._mapping, url)
        except ProblemError:
            if not (is_first and self._next):
                raise
        self._next = ""
        return _bundle(self._source, self._mapping, self._first())

    def _host_require(self, url: str) -> None:
        """A page on another host is refused: it would get our secret."""
        if urlsplit(url)[:2] != urlsplit(self._source.address)[:2]:
            raise ProblemError(_("The next page lies on another host."), "address", 502, "host")

    def _resources(self, bundle: dict[str, Any]) -> Iterator[dict[str, Any]]:
        entries = bundle.get("entry")
        for entry in entries if isinstance(entries, list) else []:
            resource = at_path(entry, "resource")
            if isinstance(resource, dict) and resource.get("resourceType") == "Observation":
                yield resource
                self._newest = _later(self._newest, str(at_path(resource, "meta.lastUpdated") or ""))


def _later(first: str, second: str) -> str:
    """The later of two moments as text, whatever their offsets; one that is none does not count."""
    moments = {}
    for text in (first, second):
        with contextlib.suppress(ValueError):
            moments[text] = datetime.fromisoformat(text)
    aware = {text: moment for text, moment in moments.items() if moment.tzinfo is not None}
    return max(aware, key=lambda text: aware[text], default="")


def _bundle(source: Source, mapping: FhirMapping, url: str) -> dict[str, Any]:
    answer = source_fetch(source, mapping, url=url, accept="application/fhir+json")
    try:
        body = msgspec.json.decode(answer.body if answer else b"")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ProblemError(_("The answer is not JSON."), "address", 502, "format") from error
    if not isinstance(body, dict) or body.get("resourceType") != "Bundle":
        raise ProblemError(_("The answer is no FHIR Bundle."), "address", 502, "format")
    return body


def _next(bundle: dict[str, Any]) -> str:
    links = bundle.get("link")
    for link in links if isinstance(links, list) else []:
        if at_path(link, "relation") == "next":
            return str(at_path(link, "url") or "")
    return ""


def observation_rows(resource: dict[str, Any], mapping: FhirMapping) -> Iterator[dict[str, Any] | Fault]:
    """The readings of one Observation, one for each mapped code; components count as well."""
    codes = mapping.devices.get(_place(resource, mapping), {})
    moment = resource.get("effectiveDateTime") or resource.get("effectiveInstant")
    if not codes or resource.get("status") not in TAKEN:
        return
    parts = resource.get("component")
    for part in (resource, *(parts if isinstance(parts, list) else ())):
        key = next((codes[code] for code in _codes(part) if code in codes), "")
        quantity = at_path(part, "valueQuantity")
        if key and at_path(quantity, "value") is not None:
            yield quantity_row({"datastream": key, "phenomenonTime": moment}, quantity)


def quantity_row(row: dict[str, Any], quantity: Mapping[str, Any]) -> dict[str, Any] | Fault:
    """A Quantity as a reading, or as a fault where it is a limit or its unit is not told by a UCUM code."""
    value, unit, code = (quantity.get(name) for name in ("value", "unit", "code"))
    comparator = quantity.get("comparator")
    named = code if quantity.get("system") == UCUM and isinstance(code, str) else None
    if comparator:
        text = f"{comparator}{value}"[:SHOWN]
        detail = _("The source gives a limit (%(text)s), not a value; give the value, or dismiss this row.")
        return _fault("result", "comparator", detail % {"text": text}, {**row, "result": text, "unit": named})
    if named is None and (unit or code):
        text = str(unit or code)[:SHOWN]
        detail = _("The unit %(text)s comes without its UCUM code; give the code, such as Cel or [degF].")
        return _fault("unit", "uncoded", detail % {"text": text}, {**row, "result": value, "unit": text})
    return {**row, "result": value} | ({} if named is None else {"unit": named})


def _fault(field: str, code: str, detail: str, row: dict[str, Any]) -> Fault:
    return Fault(0, field, code, detail, row)


def _place(resource: dict[str, Any], mapping: FhirMapping) -> str:
    """The mapped device or place that measured: never a patient."""
    for path in ("device.reference", "subject.reference"):
        reference = str(at_path(resource, path) or "")
        name = "/".join(reference.split("/")[-2:])  # absolute references end alike
        if name.startswith(PLACES) and name in mapping.devices:
            return name
    return ""


def _codes(part: Any) -> list[str]:
    codings = at_path(part, "code.coding")
    found = []
    for coding in codings if isinstance(codings, list) else []:
        system, code = at_path(coding, "system"), at_path(coding, "code")
        found += [f"{system}|{code}", str(code)]
    return found


def _remark(found: dict[str, Any] | Fault, status: str) -> Remark | None:
    """What a status says beside the value: put right, or never true."""
    row = found.row if isinstance(found, Fault) else found
    try:
        at = datetime.fromisoformat(str(row["phenomenonTime"]))
    except ValueError:
        return None
    if at.tzinfo is None or status == "final":
        return None
    if status == "entered-in-error":
        return Remark(row["datastream"], at, _("The source says: entered in error."), quality=2)
    if isinstance(found, Fault) or not isinstance(row["result"], int | float):
        return None
    reason, unit = _("The source has corrected the value."), str(row.get("unit", ""))
    return Remark(row["datastream"], at, reason, result=float(row["result"]), unit=unit)
