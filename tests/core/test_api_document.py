"""What the API document promises holds: ways in, media types, limits, and words for plain numbers."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import Resolver404, resolve
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

from apps.accounts.services.keys import api_key_create
from apps.accounts.services.scopes import write_scopes
from apps.core.domains import all_domains, problems_by_id, recipes_by_id
from apps.sensing.data import Flag
from tests.core.test_json_types import document
from tests.people import CAPABILITIES, person
from tests.portal.builders import logged_in

pytestmark = pytest.mark.django_db
EN = {"accept-language": "en"}
METHODS = ("get", "post", "put", "patch", "delete")
CLOSED = ("for people", "for programs with a token")
NAMED_BY_TEXT = {"/api/v1/privacy/reveals/1/"}
FILES = {"/api/v1/sensing/uploads/"}


@pytest.fixture(autouse=True)
def unthrottled(monkeypatch: pytest.MonkeyPatch) -> None:
    for throttle in (UserRateThrottle, AnonRateThrottle):
        monkeypatch.setattr(throttle, "get_rate", lambda _throttle: None)
    cache.clear()


@functools.cache
def described() -> dict[str, Any]:
    return document()


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, address with 1 for each id, and operation."""
    for path, item in described()["paths"].items():
        for method in METHODS:
            if method in item:
                filled = path.replace("{layer}", "city.roads")
                for name in ("id", "pk", "number", "key", "code", "other"):
                    filled = filled.replace(f"{{{name}}}", "1")
                yield method, filled, item[method]


def everyone() -> Any:
    return person("ana", roles=[f"{one.slug}-{kind}" for one in all_domains() for kind in CAPABILITIES])


def members(name: str) -> Iterator[dict[str, Any]]:
    """The members of that name in every component of the document."""
    for component in described()["components"]["schemas"].values():
        if name in component.get("properties", {}):
            yield component["properties"][name]


def test_a_key_is_offered_exactly_where_it_is_not_refused_for_being_one() -> None:
    scopes = ["read", *sorted(write_scopes())]
    _key, text = api_key_create(everyone(), name="app", domain="city", scopes=scopes)
    client, faults, closed = Client(headers={**EN, "Authorization": f"Bearer {text}"}), [], 0
    for method, path, operation in operations():
        cache.clear()
        answer = client.generic(method.upper(), path, b"[]", content_type="application/json")
        refused = answer.status_code == 403 and any(one in answer.content.decode() for one in CLOSED)
        offered = {"apiKey": []} in operation["security"]
        closed += refused
        if refused == offered:
            faults.append((method, path, answer.status_code))
    assert closed > 40
    assert not faults


def test_a_list_of_ones_own_affairs_is_for_a_session_only() -> None:
    ways = {(method, path): operation["security"] for method, path, operation in operations()}
    for name in ("catalogue/requests", "portal/trail", "privacy/budgets", "subjects/incidents"):
        assert ways["get", f"/api/v1/{name}/"] == [{"cookieAuth": []}], name
    assert {"apiKey": []} in ways["get", "/api/v1/city/roads/"]
    assert {"oauth2": []} in ways["get", "/api/v1/city/roads/"]
    assert {"apiKey": []} not in ways["get", "/api/v1/catalogue/changes/"]


def test_each_body_is_taken_in_the_media_types_of_the_document_and_in_no_other() -> None:
    client, faults = logged_in(everyone()), []
    for method, path, operation in operations():
        if "requestBody" not in operation:
            continue
        listed = set(operation["requestBody"]["content"])
        assert listed == ({"multipart/form-data"} if path in FILES else {"application/json"}), path
        other = "application/json" if path in FILES else "multipart/form-data; boundary=x"
        answer = client.generic(method.upper(), path, b"{}", content_type=other, headers=EN)
        if answer.status_code not in {403, 404, 415}:
            faults.append((method, path, answer.status_code))
        if answer.status_code == 415 and not all(one in answer.json()["detail"] for one in listed):
            faults.append((method, path, answer.json()["detail"]))
    assert not faults


def test_the_limit_of_every_list_stands_in_the_document_and_is_the_one_that_is_enforced() -> None:
    client, seen = logged_in(everyone()), 0
    for method, path, operation in operations():
        found = [one["schema"] for one in operation.get("parameters", ()) if one["name"] == "limit"]
        needs = any(one.get("required") and one["in"] == "query" for one in operation.get("parameters", ()))
        if method != "get" or not found or needs:
            continue
        seen += 1
        assert found[0]["minimum"] == 1, path
        most = found[0]["maximum"]
        refused = client.get(path, {"limit": most + 1}, headers=EN)
        assert refused.status_code in {400, 403, 404}, path
        assert refused.status_code != 400 or str(most) in refused.content.decode(), path
    assert seen > 40


@pytest.mark.parametrize("limit", ["0", "-1", "x"])
def test_the_limit_of_a_collection_is_named_as_it_is_enforced(limit: str) -> None:
    client = logged_in(everyone())
    answer = client.get("/ogc/collections/city.roads/items", {"limit": limit, "f": "json"}, headers=EN)
    assert (answer.status_code, "10000" in answer.json()["detail"]) == (400, True)
    most = client.get("/ogc/collections/city.roads/items", {"limit": "20000", "f": "json"})
    assert most.status_code == 200


def test_declared_names_are_listed_where_a_body_takes_one() -> None:
    components = described()["components"]["schemas"]
    assert components["PlanRequestRequest"]["properties"]["problem"]["enum"] == sorted(problems_by_id())
    assert components["RunRequestRequest"]["properties"]["recipe"]["enum"] == sorted(recipes_by_id())
    slugs = [one.slug for one in all_domains()]
    for name in ("UploadRequestRequest", "QuestionRequest"):
        assert components[name]["properties"]["domain"]["enum"] == slugs


def test_each_flag_of_a_reading_is_described_by_its_number() -> None:
    found = list(members("flags"))
    assert len(found) >= 3
    for member in found:
        assert all(str(flag.value) in member["description"] for flag in Flag)


def test_a_row_is_named_in_ascii_digits_only() -> None:
    found = {path for _method, path, _operation in operations() if "/1/" in path} - NAMED_BY_TEXT
    numbered = [path for path in found if is_address(path)]
    assert len(numbered) > 100
    assert not [path for path in found if is_address(path.replace("/1/", "/１/", 1))]
    job = "/api/v1/live/jobs/01234567-89ab-cdef-0123-456789abcdef/"
    assert is_address(job)
    assert not is_address(job.replace("1", "１"))
    answer = logged_in(everyone()).get("/api/v1/alerts/rules/１/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def is_address(path: str) -> bool:
    """Whether a view answers there."""
    try:
        return bool(resolve(path))
    except Resolver404:
        return False


def test_a_file_that_was_sent_has_no_address_in_any_answer() -> None:
    components = described()["components"]["schemas"]
    assert "file" not in components["Upload"]["properties"]
    assert not [one for one in components if "image" in components[one].get("properties", {})]


@pytest.mark.parametrize("accept", ["*/*", "application/yaml", "application/json", "text/html"])
@pytest.mark.parametrize(("wanted", "start"), [("json", b"{"), ("yaml", b"openapi:")])
def test_the_document_comes_in_the_format_that_is_named(accept: str, wanted: str, start: bytes) -> None:
    answer = logged_in(everyone()).get("/api/schema/", {"format": wanted}, headers={"accept": accept})
    assert answer.status_code == 200
    assert wanted in answer["Content-Type"] or wanted == "yaml"
    assert answer.content.startswith(start)


def test_another_format_of_the_document_is_refused_with_those_that_there_are() -> None:
    answer = logged_in(everyone()).get("/api/schema/", {"format": "xml"}, headers=EN)
    assert (answer.status_code, "yaml" in answer.json()["detail"]) == (400, True)


def test_an_address_without_parameters_says_so() -> None:
    answer = logged_in(everyone()).get("/api/v1/maps/layers/", {"x": "1"}, headers=EN)
    assert answer.json()["errors"][0]["detail"] == "This address takes no parameters."


@pytest.mark.parametrize("value", [5, None, ["199"], {"a": "b"}])
def test_a_number_that_is_looked_for_is_a_text_in_quotes(value: Any) -> None:
    body = {"reporter_phone": value}
    answer = logged_in(everyone()).post(
        "/api/v1/city/requests/find/", body, content_type="application/json", headers=EN
    )
    found = answer.json()["errors"][0]
    assert (answer.status_code, found["field"]) == (400, "reporter_phone")
    assert found["detail"] == "Give a text, in quotes."


@pytest.mark.parametrize("value", ["12", True, []])
def test_a_whole_number_is_asked_for_by_a_whole_number(value: Any) -> None:
    body = {"recipe": "city.traffic_speed", "epochs": value}
    answer = logged_in(everyone()).post(
        "/api/v1/training/runs/", body, content_type="application/json", headers=EN
    )
    found = {one["field"]: one["detail"] for one in answer.json()["errors"]}
    assert "a whole number such as 12," in found["epochs"]
