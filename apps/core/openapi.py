"""OpenAPI 3.1 details that the generator leaves out: error answers and null types."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext
from drf_spectacular.openapi import AutoSchema
from rest_framework.fields import ChoiceField

from apps.core.encryption import indexed_fields

OF_PROGRAMS = frozenset({"apiKey", "oauth2"})
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
            queryset = getattr(self.view, "queryset", None)
            if queryset is not None and getattr(self.view, "action", "") == "find":
                _numbers_describe(operation, sorted(indexed_fields(queryset.model)))
            for code in ("400", "401", "403", "404", "429"):
                operation["responses"].setdefault(code, {"$ref": f"#/components/responses/Problem{code}"})
        return operation

    def _map_serializer_field(self, field: Any, direction: Any, *args: Any, **kwargs: Any) -> Any:
        """As the generator; a choice that may be left empty is answered as an empty text."""
        usual: Any = super()._map_serializer_field
        schema = usual(field, direction, *args, **kwargs)
        if isinstance(field, ChoiceField) and field.read_only and schema and "enum" in schema:
            model = getattr(getattr(field.parent, "Meta", None), "model", None)
            blank = {one.name for one in model._meta.fields if one.blank} if model else set()
            if field.source in blank and "" not in schema["enum"]:
                schema["enum"] = [*schema["enum"], ""]
        return schema

    def get_auth(self) -> list[dict[str, list[str]]]:
        """A session, and the ways in that the view's permissions leave to programs."""
        found: list[dict[str, list[str]]] = super().get_auth()
        rules = [one for one in self.view.get_permissions() if hasattr(one, "schemes")]
        closed = {
            scheme
            for rule in rules
            for scheme in OF_PROGRAMS - rule.schemes(self.view, self.method, self.path)
        }
        return [way for way in found if closed.isdisjoint(way)]

    def get_summary(self) -> str | None:
        """The words for what every list of rows offers; None for an operation with words of its own."""
        queryset = getattr(self.view, "queryset", None)
        if queryset is None:
            return None
        meta = queryset.model._meta
        one, many = str(meta.verbose_name), str(meta.verbose_name_plural)
        words = {
            "list": lambda: pgettext("API", "%(things)s: list") % {"things": many},
            "retrieve": lambda: pgettext("API", "%(thing)s: one row") % {"thing": one},
            "find": lambda: pgettext("API", "%(things)s: find by an exact number") % {"things": many},
        }.get(getattr(self.view, "action", ""))
        return None if words is None else capfirst(words())


def _forget_hidden(schema: dict[str, Any]) -> None:
    """Rows of the policy kernel: a hidden field is absent, so only ``masked`` is always there."""
    if "masked" in schema.get("properties", {}):
        schema["required"] = ["masked"]


def _numbers_describe(operation: dict[str, Any], names: list[str]) -> None:
    """The body of a search: exactly one of the numbers that the model has."""
    body = operation["requestBody"]["content"]["application/json"]
    body["schema"] = {
        "type": "object",
        "properties": {name: {"type": "string", "minLength": 1} for name in names},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    named = next((name for name in names if "phone" in name), names[0])
    body["example"] = {named: "199 1234 5678"}


def nullable_as_type(result: dict[str, Any], **_kwargs: object) -> dict[str, Any]:
    """Write ``nullable: true`` as OpenAPI 3.1 wants it, and add the shared problem answers."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for schema in components["schemas"].values():
        _forget_hidden(schema)
    components["responses"] = {
        f"Problem{code}": {"description": text, "content": content}
        for code, text in (
            ("400", gettext("A fault in the request: each error names the field and what to do")),
            ("401", gettext("Not logged in, or the key or token has ended")),
            ("403", gettext("The caller's rights do not allow this")),
            ("404", gettext("Not found, or not visible to the caller")),
            ("429", gettext("Too many requests; wait as long as Retry-After says")),
        )
    }
    _mend(result)
    return result


def _mend(node: Any) -> None:
    if isinstance(node, dict):
        if {} in node.get("oneOf", ()):  # anything, so null too; ``oneOf`` would match null twice
            del node["oneOf"]
        if node.pop("nullable", False) and isinstance(node.get("type"), str):
            node["type"] = [node["type"], "null"]
        for value in node.values():
            _mend(value)
    elif isinstance(node, list):
        for value in node:
            _mend(value)
