from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from apps.accounts.selectors import viewer_for
from apps.core.errors import ProblemError
from apps.core.grades import Grade
from apps.domains.city.models import RequestState, ServiceRequest
from apps.domains.city.services.requests import reply_write, request_handle
from tests.city.builders import service_request
from tests.people import department, person

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/city/requests/"


def client_of(role: str, *, clearance: Grade = Grade.L2) -> APIClient:
    client = APIClient()
    client.force_authenticate(person("somebody", roles=[role], clearance=clearance))
    return client


def test_a_viewer_may_not_handle_a_request() -> None:
    viewer = viewer_for(person("v", roles=["city-viewer"]))
    with pytest.raises(ProblemError) as refusal:
        request_handle(service_request(), viewer=viewer, changes={"department": department()})
    assert refusal.value.status == 403


def test_an_operator_assigns_a_request_to_a_department() -> None:
    request = service_request()
    changes = {"state": RequestState.ASSIGNED, "department": department("environment")}
    request_handle(request, viewer=viewer_for(person("o", roles=["city-operator"])), changes=changes)
    request.refresh_from_db()
    assert (request.state, str(request.department)) == (RequestState.ASSIGNED, "environment")


def test_the_api_refuses_a_viewer_and_obeys_an_operator() -> None:
    request = service_request(state=RequestState.ASSIGNED)
    change = {"state": "handled"}
    assert client_of("city-viewer").patch(f"{ADDRESS}{request.pk}/", change).status_code == 403
    operator = APIClient()
    operator.force_authenticate(person("o", roles=["city-operator"]))
    answer = operator.patch(f"{ADDRESS}{request.pk}/", change)
    assert (answer.status_code, answer.json()["state"]) == (200, "handled")


@pytest.mark.parametrize(
    ("change", "field"),
    [({"state": "closed"}, "state"), ({"state": "lost"}, "state"), ({"state": "assigned"}, "department")],
)
def test_an_impossible_change_is_refused_beside_its_field(change: dict[str, str], field: str) -> None:
    request = service_request()
    answer = client_of("city-operator").patch(f"{ADDRESS}{request.pk}/", change)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field
    assert ServiceRequest.objects.get().state == RequestState.RECEIVED


def test_closing_keeps_the_hour_and_ends_all_changes() -> None:
    request = service_request(state=RequestState.HANDLED)
    client = client_of("city-operator")
    assert client.patch(f"{ADDRESS}{request.pk}/", {"state": "closed"}).json()["closed_at"]
    assert client.patch(f"{ADDRESS}{request.pk}/", {"category": "noise"}).status_code == 400


def test_below_the_clearance_callers_are_masked() -> None:
    service_request()
    row = client_of("city-viewer").get(ADDRESS).json()["results"][0]
    assert (row["reporter_name"], row["reporter_phone"]) == ("王**", "100****5678")
    assert row["reporter_id_number"] == "359***********0017"
    assert row["geometry"]["coordinates"] == [118.055, 24.455]
    assert row["text"] == "中山路有一个大坑，[姓名]女士昨晚差点摔倒，电话***。"
    assert row["masked"]["address"] == "clearance"


def test_with_the_clearance_the_caller_is_shown_but_not_the_identity_number() -> None:
    service_request()
    row = client_of("city-operator", clearance=Grade.L3).get(ADDRESS).json()["results"][0]
    assert (row["reporter_name"], row["text"][:3]) == ("王小明", "中山路")
    assert row["reporter_id_number"] == "359***********0017"


def test_another_department_sees_no_request() -> None:
    service_request()
    assert client_of("hospital-operator").get(ADDRESS).json()["results"] == []


def test_callers_are_shown_to_the_department_that_deals_with_them_and_to_nobody_else() -> None:
    request = service_request()
    reader = client_of("city-operator", clearance=Grade.L3)
    ServiceRequest.objects.filter(pk=request.pk).update(department=department("environment"))
    row = reader.get(ADDRESS).json()["results"][0]
    assert (row["reporter_name"], row["masked"]["reporter_name"]) == ("王**", "other_department")
    assert row["geometry"]["coordinates"] == [118.055, 24.455]
    ServiceRequest.objects.filter(pk=request.pk).update(department=department())
    assert reader.get(ADDRESS).json()["results"][0]["reporter_name"] == "王小明"


def test_no_department_takes_a_request_from_another_to_see_its_caller() -> None:
    request = service_request()
    own, other = department(), department("environment")
    ServiceRequest.objects.filter(pk=request.pk).update(department=other, state=RequestState.ASSIGNED)
    viewer = viewer_for(person("o", roles=["city-operator"], clearance=Grade.L3))
    for changes in ({"department": own}, {"department": None, "state": RequestState.RECEIVED}):
        with pytest.raises(ProblemError) as refusal:
            request_handle(request, viewer=viewer, changes=changes)
        assert (refusal.value.status, refusal.value.field) == (403, "department")
    assert ServiceRequest.objects.get().department == other
    ServiceRequest.objects.filter(pk=request.pk).update(department=own)
    assert request_handle(request, viewer=viewer, changes={"department": other}).department == other


def test_a_program_that_has_read_another_state_does_not_overwrite_it() -> None:
    request = service_request()
    client = client_of("city-operator")
    read = {"state": "received", "department": None}
    ServiceRequest.objects.update(department=department(), state=RequestState.ASSIGNED)
    answer = client.patch(f"{ADDRESS}{request.pk}/", {"category": "noise", "read": read}, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "changed")
    read = {"state": "assigned", "department": str(department().pk)}
    answer = client.patch(f"{ADDRESS}{request.pk}/", {"category": "noise", "read": read}, format="json")
    assert (answer.status_code, answer.json()["category"]) == (200, "noise")


def test_a_reply_comes_by_the_api_and_is_as_closed_as_the_text_of_its_request() -> None:
    request = service_request(state=RequestState.ASSIGNED)
    client = client_of("city-operator", clearance=Grade.L3)
    body = {"kind": "answer", "text": "王小明先生，路面已修好。"}
    answer = client.post(f"{ADDRESS}{request.pk}/reply/", body, format="json")
    assert (answer.status_code, answer.json()["text"]) == (201, body["text"])
    ServiceRequest.objects.update(department=department("environment"))
    row = client.get("/api/v1/city/request-replies/").json()["results"][0]
    assert "王小明" not in row["text"]
    assert row["masked"]["text"] == "other_department"
    refused = client.post(f"{ADDRESS}{request.pk}/reply/", body, format="json")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (403, "kind")


def test_a_district_neither_sees_nor_handles_requests_of_another() -> None:
    request = service_request()
    ServiceRequest.objects.update(division="359901")
    viewer = viewer_for(person("d", roles=["city-operator"], division_code="359902"))
    with pytest.raises(ProblemError) as refusal:
        reply_write(request, kind="note", text="x", viewer=viewer)
    assert refusal.value.status == 404
    with pytest.raises(ProblemError) as refusal:
        request_handle(request, viewer=viewer, changes={"category": "noise"})
    assert refusal.value.status == 404


def test_a_closed_request_takes_no_reply() -> None:
    request = service_request(state=RequestState.CLOSED)
    viewer = viewer_for(person("o", roles=["city-operator"]))
    with pytest.raises(ProblemError) as refusal:
        reply_write(request, kind="note", text="x", viewer=viewer)
    assert (refusal.value.status, refusal.value.code) == (409, "closed")
