"""The catalogue as DCAT (W3C Data Catalog Vocabulary, version 3) in JSON-LD 1.1.

The context is written into the document, so that nobody has to fetch it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from apps.catalogue.data import Method, Openness, Sharing, UpdateCycle
from apps.catalogue.models import Dataset

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "adms": "http://www.w3.org/ns/adms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
FREQUENCIES = {
    UpdateCycle.REALTIME: "UPDATE_CONT",
    UpdateCycle.DAILY: "DAILY",
    UpdateCycle.WEEKLY: "WEEKLY",
    UpdateCycle.MONTHLY: "MONTHLY",
    UpdateCycle.QUARTERLY: "QUARTERLY",
    UpdateCycle.YEARLY: "ANNUAL",
    UpdateCycle.IRREGULAR: "IRREG",
}
ACCESS = "http://publications.europa.eu/resource/authority/access-right/"
STATUS = "http://publications.europa.eu/resource/authority/dataset-status/"


def catalogue_dcat(datasets: Iterable[Dataset], *, base: str) -> dict[str, Any]:
    """A ``dcat:Catalog`` of the entries; ``base`` is the address of the site without a slash at the end."""
    return {
        "@context": CONTEXT,
        "@id": f"{base}/api/v1/catalogue/dcat.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": _texts("政务数据共享目录", "Catalogue of shared government data"),
        "dcat:dataset": [_dataset(dataset, base) for dataset in datasets],
    }


def _dataset(row: Dataset, base: str) -> dict[str, Any]:
    address = f"{base}/portal/catalogue/{row.pk}/"
    body: dict[str, Any] = {
        "@id": f"{base}/api/v1/catalogue/datasets/{row.pk}/",
        "@type": "dcat:Dataset",
        "dct:identifier": row.code,
        "dct:title": _texts(row.name_zh, row.name_en),
        "dct:description": _texts(row.abstract or row.name_zh, ""),
        "dct:publisher": _publisher(row),
        "dct:accessRights": {"@id": ACCESS + _rights(row)},
        "dcat:theme": [part for part in (row.class_category, row.class_item, row.class_name) if part],
        "dcat:landingPage": {"@id": address},
        "dcat:keyword": [str(item.get("title", "")) for item in row.items],
        "dcat:distribution": [_distribution(row, address)],
    }
    if row.publish_date:
        body["dct:issued"] = {"@value": row.publish_date.isoformat(), "@type": "xsd:date"}
    if row.update_cycle:
        body["dct:accrualPeriodicity"] = {"@id": FREQUENCY + FREQUENCIES[UpdateCycle(row.update_cycle)]}
    if row.related:
        body["dct:relation"] = list(row.related)
    if row.legal_basis or row.condition:
        body["dct:rights"] = " ".join(part for part in (row.condition, row.legal_basis) if part)
    return body


def _publisher(row: Dataset) -> dict[str, Any]:
    provider = row.provider
    body = {"@type": "foaf:Organization", "foaf:name": _texts(provider.name_zh, provider.name_en)}
    return {**body, "dct:identifier": row.provider_code} if row.provider_code else body


def _rights(row: Dataset) -> str:
    if row.openness == Openness.OPEN:
        return "PUBLIC"
    return "NON_PUBLIC" if row.sharing == Sharing.NOT_SHARED else "RESTRICTED"


def _distribution(row: Dataset, address: str) -> dict[str, Any]:
    media = "application/json" if row.method == Method.INTERFACE else "text/html"
    return {
        "@type": "dcat:Distribution",
        "dct:title": row.get_method_display(),
        "dct:format": row.format or "JSON",
        "dcat:mediaType": media,
        "dcat:accessURL": {"@id": address},
    }


def _texts(chinese: str, english: str) -> list[dict[str, str]]:
    found = [{"@value": chinese, "@language": "zh-Hans"}]
    return [*found, {"@value": english, "@language": "en"}] if english else found
