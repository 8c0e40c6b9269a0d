"""JSON that people can read: Chinese stays Chinese in every body, also in a refusal."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse


class PlainJson(JsonResponse):
    r"""A JSON answer in UTF-8, without ``\u`` escapes."""

    def __init__(self, data: Any, **named: Any) -> None:
        super().__init__(data, json_dumps_params={"ensure_ascii": False}, **named)
