"""What a refused program reads: 401, 403 and 405 apart, the scope by name, and JSON wherever it asked."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from django.test import Client

from apps.accounts.services.keys import api_key_create
from apps.accounts.services.scopes import write_scopes
from apps.audit.tracking import tracked_models
from apps.catalogue.services.clients import redirects_check
from apps.core.encryption import normalised
from apps.core.errors import ProblemError
from tests.core.test_json_types import document
from tests.people import person

pytestmark = pytest.mark.django_db
EN = {"Accept-Language": "en"}
ROADS = "/api/v1/city/roads/"


def key(*scopes: str) -> str:
    """A fresh key of an operator."""
    return api_key_create(person("ana", roles=["city-operator"]), name="app", domain="city", scopes=scopes)[1]


def bearer(text: str) -> dict[str, str]:
    return {**EN, "Authorization": f"Bearer {text}"}


@pytest.mark.parametrize("path", [ROADS, "/ogc/collections", "/tiles/city.roads/10/1/1.mvt"])
def test_a_key_without_the_scope_is_forbidden_and_the_scope_is_named(path: str) -> None:
    answer = Client().get(path, headers=bearer(key("ingest")))
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["code"] == "insufficient_scope"
    assert "read" in answer.json()["detail"]
    assert "insufficient_scope" in answer["WWW-Authenticate"]


@pytest.mark.parametrize("path", [ROADS, "/ogc/collections", "/tiles/city.roads/10/1/1.mvt"])
@pytest.mark.parametrize("form", ["bearer", "basic"])
def test_a_wrong_key_hears_that_the_key_is_wrong(path: str, form: str) -> None:
    basic = {**EN, "Authorization": "Basic " + b64encode(b"me:cp_wrong").decode()}
    answer = Client().get(path, headers=bearer("cp_wrong") if form == "bearer" else basic)
    assert answer.status_code == 401
    assert "key" in answer.json()["detail"]
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("scope", ["read", "ingest"])
def test_a_method_that_does_not_exist_is_no_question_of_scopes(scope: str) -> None:
    answer = Client().delete(ROADS, headers=bearer(key(scope)))
    assert answer.status_code == 405
    assert "GET" in answer["Allow"]


def test_a_key_that_may_not_write_hears_which_scope_it_lacks() -> None:
    answer = Client().post("/api/v1/sensing/corrections/", headers=bearer(key("read")))
    found = answer.json()
    assert (answer.status_code, found["errors"][0]["code"]) == (403, "insufficient_scope")
    assert "write:sensing.corrections" in found["detail"]


def test_a_scope_that_does_not_exist_is_refused_and_those_that_do_are_listed() -> None:
    assert {"write:scheduling.plans", "write:sensing.corrections"} <= write_scopes()
    assert "write:city.roads" not in write_scopes()
    with pytest.raises(ProblemError, match=r"write:scheduling\.plans"):
        key("read", "write:nonsense.thing")


def test_the_account_of_a_key_names_the_program_and_its_scopes() -> None:
    body = Client().get("/api/v1/accounts/me/", headers=bearer(key("read"))).json()
    assert body["program"] == {"name": "app", "scopes": ["read"]}


def test_the_document_is_refused_in_json_whatever_it_is_written_in() -> None:
    answer = Client(headers=EN).get("/api/schema/")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 401


def test_a_title_is_in_the_readers_language_and_one_fault_is_one() -> None:
    assert Client(headers={"Accept-Language": "en"}).get(ROADS).json()["title"] == "Not logged in"
    client = Client(headers=EN)
    client.force_login(person("ana", roles=["city-operator"]))
    answer = client.post("/api/v1/accounts/confirm/", {"password": 5}, content_type="application/json")
    assert "1 fault;" in answer.json()["detail"]


def test_no_sentence_of_the_framework_stays_english() -> None:
    client = Client(headers={"Accept-Language": "zh-hans"}, enforce_csrf_checks=True)
    client.force_login(person("ana", roles=["city-operator"]))
    forged = client.post("/api/v1/accounts/confirm/", {}, content_type="application/json")
    assert forged.status_code == 403
    assert "CSRF" not in forged.json()["detail"]
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(person("sun", roles=["city-operator"]))
    empty = client.post("/api/v1/accounts/confirm/", "null", content_type="application/json")
    assert empty.status_code == 400
    assert "No data" not in empty.content.decode()
    put = client.put("/api/v1/accounts/me/", {}, content_type="application/json")
    assert (put.status_code, "not allowed" in put.json()["detail"]) == (405, False)


def test_no_history_of_any_object_type_fails() -> None:
    client = Client(headers=EN)
    client.force_login(person("ana", roles=["city-operator", "city-approver"]))
    labels = {model._meta.label for model in tracked_models()}
    for label in sorted(labels | {"auth.User", "sensing.Observation", "nothing", "x.Y.z"}):
        answer = client.get("/api/v1/portal/history/", {"object": label, "pk": "1"})
        assert answer.status_code in {200, 404}, (label, answer.content)
        assert label in labels or answer.json()["errors"][0]["field"] == "object"


@pytest.mark.parametrize("uri", ["https://example.org@evil.org/cb", "https://a:b@evil.org/cb"])
def test_a_redirect_address_with_a_user_is_refused(uri: str) -> None:
    with pytest.raises(ProblemError):
        redirects_check(uri)


@pytest.mark.parametrize(
    "text", ["10073021338", "+8610073021338", "+86 100-7302-1338", "0086 10073021338", "8610073021338"]
)
def test_a_phone_is_the_same_with_every_country_code(text: str) -> None:
    assert normalised(text) == "10073021338"


@pytest.mark.parametrize("text", ["", " ", "--"])
def test_a_search_for_nothing_is_refused(text: str) -> None:
    client = Client(headers=EN)
    client.force_login(person("ana", roles=["city-operator"]))
    answer = client.post(
        "/api/v1/city/requests/find/", {"reporter_phone": text}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "reporter_phone")


def test_the_example_of_a_search_is_a_field_of_the_model() -> None:
    find = document()["paths"]["/api/v1/city/requests/find/"]["post"]["requestBody"]["content"]
    assert set(find["application/json"]["example"]) <= set(find["application/json"]["schema"]["properties"])
    assert "reporter_phone" in find["application/json"]["example"]


def _answers(node: Any) -> Any:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _answers(value)
    elif isinstance(node, list):
        for value in node:
            yield from _answers(value)


def test_the_document_describes_what_is_answered() -> None:
    schema = document()
    confirm = schema["paths"]["/api/v1/sensing/uploads/{id}/confirm/"]["post"]["responses"]
    assert "202" in confirm
    assert "200" not in confirm
    parts = schema["components"]["schemas"]
    assert "" in parts["Dataset"]["properties"]["update_cycle"]["enum"]
    assert all(
        one["required"] == ["masked"] for one in parts.values() if "masked" in one.get("properties", {})
    )
    assert not [one for one in _answers(schema) if {} in one.get("oneOf", ())]
    assert "oauth2" in schema["components"]["securitySchemes"]


def test_links_for_other_systems_name_the_address_that_the_caller_came_by() -> None:
    client = Client(headers=EN)
    client.force_login(person("ana", roles=["city-operator"]))
    body = client.get("/api/v1/catalogue/dcat.jsonld", headers={"Host": "testserver"}).json()
    assert body["@id"] == "http://testserver/api/v1/catalogue/dcat.jsonld"


def test_a_field_that_an_entry_does_not_have_is_refused() -> None:
    client = Client(headers=EN)
    client.force_login(person("ana", roles=["city-approver", "city-operator"]))
    rows = {"entries": [{"code": "city.RoadSegment", "zzz": 1}]}
    answer = client.post("/api/v1/catalogue/entries/", rows, content_type="application/json")
    assert answer.status_code in {400, 403}
    assert answer.status_code == 403 or answer.json()["errors"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=\xff", b"x"),
        ("application/json", b"\xff"),
        ("application/json", b"[" * 100_000),
        ("application/json", b"{"),
        ("application/json", b"1" * 5000),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_in_our_words(language: str, kind: str, body: bytes) -> None:
    writer = key("read", "write:sensing.corrections", "write:sensing.uploads")
    headers = {"Accept-Language": language, "Authorization": f"Bearer {writer}"}
    client = Client(raise_request_exception=False, headers=headers)
    name = "uploads" if kind.startswith("multipart") else "corrections"
    answer = client.generic("POST", f"/api/v1/sensing/{name}/", body, content_type=kind)
    foreign = ("parse error", "boundary:", "recursion", "codec", "Expecting", "Exceeds")
    assert answer.status_code == 400
    assert not [word for word in foreign if word in answer.json()["detail"]]
