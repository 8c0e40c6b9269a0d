"""Exact numbers are found by those who see them clear, and by nobody else."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from apps.core.grades import Grade
from apps.domains.city.models import ServiceRequest
from tests.city.builders import service_request
from tests.people import person

pytestmark = pytest.mark.django_db
FIND = "/api/v1/city/requests/find/"
PHONE = "10012345678"


def client_of(clearance: Grade) -> Client:
    client = Client()
    client.force_login(person(f"level{clearance}", roles=["city-operator"], clearance=clearance))
    return client


@pytest.fixture
def requests() -> list[ServiceRequest]:
    other = service_request("T-2")
    other.reporter_phone, other.text = "10099999999", "another matter"
    other.save()
    return [service_request("T-1"), other]


def found(client: Client, **wanted: str) -> tuple[int, list[str]]:
    answer = client.post(FIND, wanted, content_type="application/json")
    rows = answer.json().get("results", [])
    return answer.status_code, [row["number"] for row in rows]


def test_a_number_is_found_by_whoever_sees_it_clear(requests: list[ServiceRequest]) -> None:
    assert found(client_of(Grade.L3), reporter_phone="100 1234-5678") == (200, ["T-1"])
    assert found(client_of(Grade.L2), reporter_phone=PHONE) == (403, [])


def test_a_search_that_names_no_known_field_is_refused(requests: list[ServiceRequest]) -> None:
    client = client_of(Grade.L3)
    for wanted in ({}, {"text": "x"}, {"reporter_phone": PHONE, "reporter_id_number": "1"}):
        assert found(client, **wanted)[0] == 400
    assert client.post(FIND, [1], content_type="application/json").status_code == 400
    assert client.post(FIND, {"reporter_phone": 7}, content_type="application/json").status_code == 400


def test_the_portal_finds_a_number_too(requests: list[ServiceRequest]) -> None:
    for clearance, shows in ((Grade.L3, True), (Grade.L2, False)):
        page = client_of(clearance).get("/portal/city/servicerequest/", {"q": PHONE}).content.decode()
        assert ("T-1" in page) is shows
        assert "T-2" not in page


def test_no_answer_carries_the_token_of_an_index(requests: list[ServiceRequest]) -> None:
    answer = client_of(Grade.L4).get("/api/v1/city/requests/").json()
    assert not [name for row in answer["results"] for name in row if name.endswith("_index")]


def test_a_box_of_the_map_uses_its_index_under_row_security() -> None:
    box = "ST_MakeEnvelope(118, 24, 118.1, 24.1, 4326)"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN SELECT id FROM city_servicerequest WHERE geometry && {box}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Cond: (geometry &&" in plan
