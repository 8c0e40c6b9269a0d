"""Sources that point at a loopback site, and the readings that came of them."""

from __future__ import annotations

from typing import Any

from apps.accounts.models import User
from apps.pulls.models import PullRun, Source
from apps.pulls.selectors import source_get
from apps.pulls.services import source_pull
from apps.sensing.models import Observation
from tests.people import person


def operator(domain: str = "school") -> User:
    """Somebody who may manage the sources of a domain."""
    return User.objects.filter(username=f"{domain}.op").first() or person(
        f"{domain}.op", roles=[f"{domain}-operator"]
    )


def source(kind: str, address: str, mapping: dict[str, Any], **values: Any) -> Source:
    """A source of the school domain."""
    return Source.objects.create(
        domain="school",
        name=values.pop("name", f"{kind} feed"),
        kind=kind,
        address=address,
        mapping=mapping,
        created_by=operator(),
        **values,
    )


def pulled(found: Source) -> PullRun:
    """One attempt, with the source as it stands in the table."""
    run = source_pull(source_get(found.pk))
    assert run is not None
    return run


def values() -> list[tuple[str, float | None]]:
    """What is stored: key and result, in the order of time."""
    rows = Observation.objects.order_by("phenomenon_time", "datastream__key")
    return list(rows.values_list("datastream__key", "result"))
