"""Nothing personal reaches a log line."""

from __future__ import annotations

from typing import Any

import pytest

from apps.core.logs import redact


@pytest.mark.parametrize(
    "text", ["call 13812345678 back", "id 110101199003078888", "id 11010119900307888X", "ask li@example.org"]
)
def test_numbers_and_addresses_of_people_are_removed(text: str) -> None:
    event: dict[str, Any] = {"event": "x", "detail": text}
    assert "[removed]" in redact(None, "info", event)["detail"]


def test_keys_that_name_secrets_are_blanked() -> None:
    assert redact(None, "info", {"event": "x", "api_token": "cp_123"})["api_token"] == "[removed]"


def test_counts_and_identifiers_stay() -> None:
    event = {"event": "stored", "rows": 12345678901, "stream": "city.R0012.speed"}
    assert redact(None, "info", dict(event)) == event
