"""Every role over every address: no canary leaves that the kernel does not show clear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.http import StreamingHttpResponse
from django.test import Client

from apps.core.domains import all_domains, layers_by_id
from apps.core.models import Job
from tests.exits.planting import MARK, UNIQUE_NUMBER, WORD, canaries, leaks, plant_all
from tests.exits.routes import SAME_FOR_ALL, address, is_walked, patterns
from tests.exits.walkers import walkers

pytestmark = pytest.mark.django_db
MODEL_PAGE = re.compile(r"/portal/\w+/\w+/(?:$|add/|[^/]+/(?:change|history|delete)/$|[^/]+/$)")
UUID_KEY = re.compile(r"<uuid:|a-fA-F-\]")
TILE = {"z": "9", "x": "423", "y": "220"}
FORMATS = {"format": ".json"}
SENSORTHINGS = (
    *("Things", "Locations", "HistoricalLocations", "Sensors", "ObservedProperties", "FeaturesOfInterest"),
    "Datastreams?$expand=Thing/Locations,Sensor,ObservedProperty,Observations",
    "Observations?$expand=Datastream",
)
PERIOD = "start=2026-11-01T00:00:00Z&end=2026-11-04T00:00:00Z"
ASKED = (  # exits that show something only when they are asked for it
    *(f"/api/v1/sensing/export/?domain={domain.slug}&{PERIOD}" for domain in all_domains()),
    f"/api/v1/sensing/buckets/1/?{PERIOD}",
    *(f"/ogc/collections/{layer}/items?f=html" for layer in layers_by_id()),
)


def job_key() -> str:
    """The key of a planted job: the rows that are named by a UUID."""
    return str(Job.objects.values_list("pk", flat=True).first() or uuid4())


def arguments(pks: dict[str, str], route: str) -> list[dict[str, str]]:
    """Arguments that hit the planted rows; a route with a layer is walked once for each layer."""
    key = pks.get(route) or (job_key() if UUID_KEY.search(route) else "1")
    common = {**TILE, **FORMATS, "pk": key, "object_id": key, "other": "1"}
    common |= {"number": str(UNIQUE_NUMBER), "key": "none", "year": "2026"}
    common |= {"app_label": "city", "problem": "city.inspection_rounds", "url": "nowhere", "stream": "1"}
    common["year"] = "2026"
    common |= {"app": "city", "name": "roadsegment", "code": "UNKNOWN"}
    if "resource>" in route:
        return [{**common, "resource": resource} for resource in SENSORTHINGS]
    if "layer>" in route:
        return [{**common, "layer": layer} for layer in layers_by_id()]
    return [common]


def addresses() -> Iterator[str]:
    """Every address that can be read; a route whose arguments are unknown fails the test."""
    planted = plant_all()
    pks = {}
    for model, row in planted.items():
        prefix = f"portal/{model._meta.app_label}/{model._meta.model_name}/"
        for route, _pattern in patterns():
            if route.startswith(prefix):
                pks[route] = str(row.pk).replace("_", "_5F")
    for route, _pattern in patterns():
        if not is_walked(route):
            continue
        for filled in arguments(pks, route):
            yield address(route, filled)
    yield from ASKED


def body(client: Client, path: str) -> tuple[int, bytes]:
    answer = client.get(path)
    if isinstance(answer, StreamingHttpResponse):
        return answer.status_code, b"".join(answer.streaming_content)  # type: ignore[arg-type]
    return answer.status_code, answer.content


def walked(role: str, paths: list[str]) -> list[str]:
    """The addresses that this walker opens: see ``walkers``."""
    if role == "nobody":
        return paths
    paths = [path for path in paths if not SAME_FOR_ALL.match(path)]
    return [path for path in paths if not MODEL_PAGE.match(path)] if role.endswith("-everything") else paths


def test_no_role_reads_at_any_address_what_the_kernel_does_not_show(
    caplog: pytest.LogCaptureFixture,
) -> None:
    words, paths, people = canaries(), list(addresses()), walkers()
    shown, faults, posted = 0, [], set[str]()
    for role, user in people.items():
        cache.clear()
        client = Client(raise_request_exception=False)
        client.force_login(user)
        for path in walked(role, paths):
            if path in posted:
                continue
            status, found = body(client, path)
            if status == 405:  # it takes posts only, whoever asks
                posted.add(path)
            if status >= 500:
                faults.append(f"{status} for {user.username} at {path}")
            shown += MARK in found
            faults += leaks(user, found, words, at=path)
    assert not faults, "\n".join(sorted(set(faults))[:60])
    assert not WORD.search(caplog.text.encode())  # a log line is an exit too
    assert shown > 100  # the canaries are really on show for those who may see them


def test_a_stranger_gets_no_data_and_breaks_nothing() -> None:
    client = Client(raise_request_exception=False)
    answers = {path: body(client, path) for path in addresses()}
    assert not [path for path, (_status, found) in answers.items() if MARK in found]
    assert not [path for path, (status, _found) in answers.items() if status >= 500]
