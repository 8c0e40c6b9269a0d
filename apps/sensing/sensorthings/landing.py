"""The landing page: the entity sets, and the requirement classes of 18-088 that this service meets."""

from __future__ import annotations

from typing import Any

from apps.sensing.sensorthings.catalogue import ENTITIES

SPEC = "http://www.opengis.net/spec/iot_sensing/1.1/req"
DATA_MODEL = (
    *("thing", "location", "historical-location", "datastream", "sensor", "observed-property"),
    *("observation", "feature-of-interest", "entity-control-information"),
)
REQUESTS = (
    *("status-codes", "query-status-code", "order", "expand", "select", "orderby", "skip", "top", "count"),
    *("filter", "built-in-filter-operations", "built-in-query-functions", "pagination"),
)
WRITES = (
    "create-entity",
    "link-to-existing-entities",
    "deep-insert",
    "deep-insert-status-code",
    "update-entity",
)
CONFORMANCE = [
    f"{SPEC}/datamodel",
    *(f"{SPEC}/datamodel/{name}" for name in DATA_MODEL),
    f"{SPEC}/resource-path/resource-path-to-entities",
    *(f"{SPEC}/request-data/{name}" for name in REQUESTS),
    # Not create-update-delete/delete-entity: what holds readings is retired, not destroyed.
    *(f"{SPEC}/create-update-delete/{name}" for name in WRITES),
    f"{SPEC}/data-array/data-array",
]


def landing(root: str) -> dict[str, Any]:
    """The body of ``GET /sta/v1.1/``. MultiDatastreams and batch requests are not offered, so not named."""
    sets = [{"name": item.plural, "url": f"{root}/{item.plural}"} for item in ENTITIES]
    inserts = {"endpoints": [f"{root}/CreateObservations"]}
    return {
        "serverSettings": {
            "conformance": CONFORMANCE,
            f"{SPEC}/data-array/data-array": inserts,
        },
        "value": sets,
    }
