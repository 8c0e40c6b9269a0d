"""In a body each member has the JSON type of the API document, and nothing is read as something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import get_resolver
from drf_spectacular.generators import SchemaGenerator
from rest_framework.serializers import BaseSerializer

from apps.core.numbers import decimal_number
from apps.core.serializers import KnownFieldsOnly
from tests.core.test_serializers import below
from tests.people import person
from tests.portal.builders import stream

TEXT_AS_NUMBER = ["1_000", " 5 ", "１２.５", "1e3", "5", ""]
WRONG: dict[str, list[Any]] = {
    "number": [True, False, *TEXT_AS_NUMBER, [], {}, 10**400, float("inf")],
    "integer": [True, False, *TEXT_AS_NUMBER, [], {}, 10**400, float("inf")],
    "boolean": ["true", "yes", 1, 0, "", "null", []],
    "date-time": ["2026-11-18 03:05", "2026-11-18", "2026-11-20T00:00:00", 1763442000, True, "", "soon"],
    "date": ["20261118", "2026-W01-1", 20261118, True, "2026-11-18T00:00:00Z"],
    "string": [5, True, 1.5, [], {}],
}


def document() -> dict[str, Any]:
    """The API document as it is generated now."""
    assert get_resolver().url_patterns
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return found


def bodies(schema: dict[str, Any]) -> set[str]:
    """The names of the components that some operation takes as a JSON body."""
    operations = [one for item in schema["paths"].values() for one in item.values() if isinstance(one, dict)]
    contents = [one["requestBody"]["content"] for one in operations if "requestBody" in one]
    refs = [
        one["application/json"]["schema"].get("$ref", "") for one in contents if "application/json" in one
    ]
    return {ref.rpartition("/")[2] for ref in refs if ref}


def kind_of(member: dict[str, Any]) -> str:
    """The line of ``WRONG`` for a member; "" for one that takes anything or is looked at elsewhere."""
    types = member.get("type", "")
    name = next((one for one in types if one != "null"), "") if isinstance(types, list) else types
    form = member.get("format", "")
    if form in {"decimal", "binary", "uri", "uuid"}:
        return ""
    return form if form in {"date-time", "date"} else name


def members() -> Iterator[tuple[type[Any], str, str]]:
    """Serializer, member and kind for each number, boolean, text and time of every JSON body."""
    schema = document()
    ours = {
        one.__name__.removesuffix("Serializer"): one
        for one in below(BaseSerializer)
        if issubclass(one, KnownFieldsOnly)
    }
    for name in bodies(schema):
        short = name.removeprefix("Patched").removesuffix("Request")
        for member, described in schema["components"]["schemas"][name]["properties"].items():
            kind = kind_of(described)
            if kind in WRONG:
                yield ours[short], member, kind


@pytest.mark.django_db
def test_a_member_of_another_json_type_is_refused_by_its_name_in_every_body_of_the_document() -> None:
    faults, seen = [], 0
    for serializer, member, kind in members():
        for value in WRONG[kind]:
            asked, seen = serializer(data={member: value}, partial=True), seen + 1
            if asked.is_valid() or member not in asked.errors:
                faults.append((serializer.__name__, member, value))
    assert seen > 500
    assert not faults


def test_a_list_and_an_object_have_members_of_their_type_only() -> None:
    kinds = {one.__name__: one for one in below(BaseSerializer)}
    asked = kinds["QuestionSerializer"](data={"streams": [1, "2", True]}, partial=True)
    assert not asked.is_valid()
    assert set(asked.errors["streams"]) == {"1", "2"}
    asked = kinds["PlanRequestSerializer"](data={"parameters": {"vehicles": True}}, partial=True)
    assert not asked.is_valid()
    assert set(asked.errors["parameters"]) == {"vehicles"}


def test_a_form_has_numbers_as_texts_but_written_as_numbers_are() -> None:
    kinds = {one.__name__: one for one in below(BaseSerializer)}
    trial = kinds["TrialWishSerializer"]
    assert trial(data=QueryDict("days=3")).is_valid()
    assert not trial(data=QueryDict("days=1_0")).is_valid()
    assert not trial(data=QueryDict("days=%EF%BC%93")).is_valid()  # a three of full width


@pytest.mark.parametrize("text", ["1_000", "１２", "١٢", "inf", "nan", "1e999", "", "0x10", None])
def test_a_number_of_a_portal_form_is_written_as_numbers_are(text: Any) -> None:
    assert decimal_number(text) is None
    assert decimal_number("-12.5") == -12.5


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["1_000", True, " 5 ", "１２.５", "1e3"])
def test_a_correction_takes_no_text_and_no_truth_for_a_number(value: Any) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person("ana", roles=["city-operator"]))
    body = {
        "datastream": stream().pk,
        "start": "2026-11-18T03:05:00+08:00",
        "end": "2026-11-18T04:05:00+08:00",
        "operation": "set",
        "value": value,
        "reason": "test",
    }
    answer = client.post("/api/v1/sensing/corrections/", body, content_type="application/json")
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (400, ["value"])


@pytest.mark.django_db
def test_a_time_without_a_zone_is_refused_with_the_zone_to_add() -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person("ana", roles=["city-operator"]))
    body = {"datastream": 1, "start": "2026-11-18 03:05", "end": "2026-11-18", "operation": "set"}
    answer = client.post("/api/v1/sensing/corrections/", body, content_type="application/json")
    found = {one["field"]: one["detail"] for one in answer.json()["errors"]}
    assert answer.status_code == 400
    assert "2026-11-18 03:05+08:00" in found["start"]
    assert "2026-11-18T00:00:00+08:00" in found["end"]
