"""A body with a field that nobody knows is refused by its name, over the whole REST API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from rest_framework.serializers import BaseSerializer

from apps.core.serializers import KnownFieldsOnly
from apps.privacy.services.rest import PolicySerializer
from tests.people import person

UNKNOWN = "fieldz"


def below(kind: type) -> Iterator[type]:
    """Every class that is derived from ``kind``."""
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


def test_every_serializer_of_ours_takes_known_fields_only() -> None:
    assert get_resolver().url_patterns  # the API modules are loaded
    ours = {one for one in below(BaseSerializer) if one.__module__.startswith("apps.")}
    bodies = {one for one in ours if not issubclass(one, PolicySerializer)}
    assert len(bodies) > 40
    assert all(issubclass(one, KnownFieldsOnly) for one in bodies)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/privacy/minors-requests/", {}),
        ("/api/v1/catalogue/requests/", {}),
        ("/api/v1/training/runs/", {"recipe": "city.traffic_speed"}),
        ("/api/v1/scheduling/plans/", {"problem": "city.inspection_rounds"}),
        ("/api/v1/sensing/cleaning-rules/", {}),
        ("/api/v1/alerts/rules/", {}),
        ("/api/v1/privacy/reveals/", {}),
        ("/api/v1/accounts/confirm/", {"password": "x"}),
    ],
)
def test_a_mistyped_field_is_named_with_those_that_there_are(path: str, body: dict[str, Any]) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person("ana", roles=["city-operator", "school-operator", "city-planner"]))
    answer = client.post(path, {**body, UNKNOWN: ["name"]}, content_type="application/json")
    found = [one for one in answer.json()["errors"] if one["field"] == UNKNOWN]
    assert (answer.status_code, len(found)) == (400, 1), answer.content
    assert found[0]["code"] == "unknown"
    assert "there are:" in found[0]["detail"]
