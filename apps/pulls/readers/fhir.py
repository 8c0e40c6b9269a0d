"""Measurements of devices from a hospital system: FHIR Observation search, R4B and R5.

Nothing about a patient is kept: a row holds our key, time, value and unit. What is not mapped by device or
place is left behind uncounted, so that not even quarantine learns of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError
from apps.pulls.data import Fetched, FhirMapping, Remark
from apps.pulls.models import Source
from apps.pulls.readers.http_json import at_path
from apps.pulls.readers.reaching import source_fetch

UCUM = "http://unitsofmeasure.org"
TAKEN = {"final", "amended", "corrected", "entered-in-error"}
PLACES = ("Device/", "DeviceMetric/", "Location/")  # a subject of another kind is a person


def read(source: Source, mapping: FhirMapping) -> Fetched:
    """The mapped measurements since the last run, page by page."""
    rows: list[dict[str, Any]] = []
    remarks: list[Remark] = []
    newest = str(source.position.get("last_updated", ""))
    for resource in _resources(source, mapping, newest):
        for row in observation_rows(resource, mapping):
            remark = _remark(row, str(resource.get("status", "")))
            remarks += [remark] if remark else []
            rows.append(row)
        newest = max(newest, str(at_path(resource, "meta.lastUpdated") or ""))
    return Fetched(rows, remarks=tuple(remarks), position={"last_updated": newest} if newest else {})


def _resources(source: Source, mapping: FhirMapping, since: str) -> Iterator[dict[str, Any]]:
    """Every Observation of every page; a next page on another host is refused: it would get our secret."""
    url = source.address
    if since:
        url += ("&" if "?" in url else "?") + urlencode({"_lastUpdated": f"ge{since}"})
    for _page in range(mapping.pages):
        bundle = _bundle(source, mapping, url)
        entries = bundle.get("entry")
        for entry in entries if isinstance(entries, list) else []:
            resource = at_path(entry, "resource")
            if isinstance(resource, dict) and resource.get("resourceType") == "Observation":
                yield resource
        following = _next(bundle)
        if not following:
            return
        url = urljoin(url, following)
        if urlsplit(url)[:2] != urlsplit(source.address)[:2]:
            raise ProblemError(_("The next page lies on another host."), "address", 502, "host")


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


def observation_rows(resource: dict[str, Any], mapping: FhirMapping) -> Iterator[dict[str, Any]]:
    """The readings of one Observation, one for each mapped code; components count as well."""
    codes = mapping.devices.get(_place(resource, mapping), {})
    moment = resource.get("effectiveDateTime") or resource.get("effectiveInstant")
    if not codes or resource.get("status") not in TAKEN:
        return
    parts = resource.get("component")
    for part in (resource, *(parts if isinstance(parts, list) else ())):
        key = next((codes[code] for code in _codes(part) if code in codes), "")
        value = at_path(part, "valueQuantity.value")
        if key and value is not None:
            row = {"datastream": key, "phenomenonTime": moment, "result": value}
            yield row | _unit(part)


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


def _unit(part: Any) -> dict[str, Any]:
    """The unit where it is UCUM; another system's code means nothing to the door."""
    if at_path(part, "valueQuantity.system") != UCUM:
        return {}
    code = at_path(part, "valueQuantity.code")
    return {"unit": code} if isinstance(code, str) else {}


def _remark(row: dict[str, Any], status: str) -> Remark | None:
    """What a status says beside the value: put right, or never true."""
    try:
        at = datetime.fromisoformat(str(row["phenomenonTime"]))
    except ValueError:
        return None
    if at.tzinfo is None or status == "final":
        return None
    if status == "entered-in-error":
        return Remark(row["datastream"], at, _("The source says: entered in error."), quality=2)
    if not isinstance(row["result"], int | float):
        return None
    reason, unit = _("The source has corrected the value."), str(row.get("unit", ""))
    return Remark(row["datastream"], at, reason, result=float(row["result"]), unit=unit)
