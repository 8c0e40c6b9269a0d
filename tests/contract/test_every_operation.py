"""Every operation of the API document with drawn arguments: never a 500, and problems say what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.core import NOT_SET

from apps.core.domains import all_domains
from tests.people import person

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "api" / "openapi.yaml"
EXAMPLES = 4
SCHEMA = schemathesis.openapi.from_dict(yaml.safe_load(DOCUMENT.read_text(encoding="utf-8")))
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]
QUIET = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def everyone() -> Client:
    """Somebody with every business role, so that no request ends at the first question."""
    roles = [
        f"{domain.slug}-{kind}" for domain in all_domains() for kind in ("operator", "planner", "analyst")
    ]
    client = Client(raise_request_exception=False)
    client.force_login(person("everyone", roles=roles))
    return client


def sent(client: Client, case: Case) -> Any:
    """The answer to a drawn case."""
    path = case.formatted_path
    options: dict[str, Any] = {"query_params": dict(case.query or {})}
    if case.body is not NOT_SET:
        options |= {"data": case.body, "content_type": case.media_type or "application/json"}
    return client.generic(case.method, path, **_encoded(options))


def _encoded(options: dict[str, Any]) -> dict[str, Any]:
    if "data" not in options:
        return options
    encoded = Client()._encode_json(options["data"], "application/json")
    return {**options, "data": encoded, "content_type": "application/json"}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda found: found.label)
def test_an_operation_never_ends_in_a_fault_of_ours(everyone: Client, operation: Any) -> None:
    @QUIET
    @given(case=operation.as_strategy())
    def ask(case: Case) -> None:
        answer = sent(everyone, case)
        assert answer.status_code < 500, (case.method, case.formatted_path, case.query, case.body)
        if answer.status_code >= 400:
            assert answer.json()["detail"]

    ask()
