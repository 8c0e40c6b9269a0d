"""OpenAPI 3.1 details that the generator leaves out: error answers and null types."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema

PROBLEM_SCHEMA = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


class ProblemAutoSchema(AutoSchema):
    """Adds the problem+json answers that every operation can give."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """The generated operation with its 4xx answers."""
        operation = super().get_operation(*args, **kwargs)
        if operation:
            for code in ("400", "401", "403", "404", "429"):
                operation["responses"].setdefault(code, {"$ref": f"#/components/responses/Problem{code}"})
        return operation


def nullable_as_type(result: dict[str, Any], **_kwargs: object) -> dict[str, Any]:
    """Write ``nullable: true`` as OpenAPI 3.1 wants it, and add the shared problem answers."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    components["responses"] = {
        f"Problem{code}": {"description": text, "content": content}
        for code, text in (
            ("400", "A fault in the request"),
            ("401", "Not logged in"),
            ("403", "Not allowed"),
            ("404", "Not found"),
            ("429", "Too many requests"),
        )
    }
    _mend(result)
    return result


def _mend(node: Any) -> None:
    if isinstance(node, dict):
        if node.pop("nullable", False) and isinstance(node.get("type"), str):
            node["type"] = [node["type"], "null"]
        for value in node.values():
            _mend(value)
    elif isinstance(node, list):
        for value in node:
            _mend(value)
