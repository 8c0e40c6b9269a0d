from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from apps.core.grades import Grade
from apps.domains.city.models import RequestState, ServiceRequest
from tests.city.builders import service_request
from tests.people import department, person

pytestmark = pytest.mark.django_db


def page_of(role: str, *, clearance: Grade = Grade.L2) -> tuple[Client, str]:
    """A logged-in client and the address of one request's page."""
    client = Client()
    client.force_login(person(role, roles=[role], clearance=clearance))
    return client, reverse("admin:city_servicerequest_change", args=[service_request().pk])


def test_an_operator_assigns_a_request_in_the_portal() -> None:
    client, page = page_of("city-operator")
    form = {"category": "roads", "department": department().pk, "state": "assigned"}
    assert client.post(page, form).status_code == 302
    assert ServiceRequest.objects.get().state == RequestState.ASSIGNED


def test_an_impossible_state_is_refused_beside_its_field() -> None:
    client, page = page_of("city-operator")
    answer = client.post(page, {"category": "roads", "department": department().pk, "state": "closed"})
    assert answer.status_code == 200
    assert "state" in answer.context["adminform"].errors
    assert ServiceRequest.objects.get().state == RequestState.RECEIVED


def test_a_viewer_sees_masks_and_no_form() -> None:
    client, page = page_of("city-viewer")
    text = client.get(page).content.decode()
    assert "王**" in text
    assert "王小明" not in text
    assert client.post(page, {"state": "assigned"}).status_code == 403


def test_another_department_finds_no_page() -> None:
    client, page = page_of("hospital-operator")
    assert client.get(page).status_code in {302, 403}


def test_the_list_shows_masks_below_the_clearance_and_names_above_it() -> None:
    service_request()
    for clearance, name in ((Grade.L2, "王**"), (Grade.L3, "王小明")):
        client = Client()
        client.force_login(person(clearance.name, roles=["city-viewer"], clearance=clearance))
        assert name in client.get(reverse("admin:city_servicerequest_changelist")).content.decode()
