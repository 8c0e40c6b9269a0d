"""Health, readiness and metrics."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_process_says_that_it_lives(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_readiness_names_its_parts(client: Client) -> None:
    assert client.get("/readyz").json() == {
        "status": "ok",
        "database": "ok",
        "redis": "ok",
        "access_log": "ok",
    }


def test_metrics_count_answers_by_route_and_never_by_address(client: Client) -> None:
    client.get("/healthz?name=secret")
    text = client.get("/metrics").content.decode()
    assert 'cityplatform_answers_total{method="GET",route="healthz",status="200"}' in text
    assert "secret" not in text


def test_metrics_are_for_known_addresses_only(client: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 403
