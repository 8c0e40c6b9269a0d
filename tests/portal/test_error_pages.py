"""What a person sees when something is refused: the city's name, a sentence, help, in their language."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from apps.core.faults import server_error
from tests.people import person
from tests.portal.builders import logged_in

pytestmark = pytest.mark.django_db
BROWSER = {"HTTP_ACCEPT": "text/html,application/xhtml+xml"}
REFUSED = {
    "/accounts/login/": 404,
    "/nothing/": 404,
    "/portal/datastreams/?thing=%00": 400,
    "/portal/policies/": 403,
    "/portal/search/?s=%00": 400,
    "/portal/jobs/?state=zzz": 400,
}


@pytest.fixture(autouse=True)
def named(settings: Any) -> None:
    settings.CITY_NAME = {"zh-hans": "海城", "en": "Haicheng"}
    settings.CITY_HELP = {"zh-hans": "服务台 12345", "en": "Help desk 12345"}


def told(answer: HttpResponse) -> str:
    assert answer.headers["Content-Type"].startswith("text/html")
    return answer.content.decode()


@pytest.mark.parametrize("path", REFUSED)
@pytest.mark.parametrize(
    ("language", "city", "desk"), [("en", "Haicheng", "Help desk"), ("zh-hans", "海城", "服务台")]
)
def test_a_refused_page_names_the_city_and_its_help_desk(
    path: str, language: str, city: str, desk: str
) -> None:
    user = person("reader", roles=["city-viewer"])
    user.language = language
    user.save()
    answer = logged_in(user).get(path, headers={"accept-language": language}, **BROWSER)
    assert answer.status_code == REFUSED[path]
    assert city in told(answer)
    assert desk in told(answer)


@pytest.mark.parametrize(("language", "city"), [("en", "Haicheng"), ("zh-hans", "海城")])
def test_a_fault_of_ours_is_told_without_a_database(language: str, city: str) -> None:
    with translation.override(language):
        answer = server_error(RequestFactory().get("/portal/"))
    assert answer.status_code == 500
    assert city in answer.content.decode()


def test_a_program_gets_the_same_refusals_as_problem_json() -> None:
    client = logged_in(person("reader", roles=["city-viewer"]))
    answer = client.get("/portal/datastreams/?thing=%00", headers={"accept": "application/json"})
    assert answer.json()["status"] == 400
    answer = client.get("/portal/uploads/send/", headers={"accept": "application/json"})
    assert (answer.json()["status"], answer.headers["Allow"]) == (405, "POST")


def test_a_login_page_names_the_city_and_whom_to_ask() -> None:
    answer = Client().get("/portal/login/", headers={"accept-language": "en"})
    assert all(words in told(answer) for words in ("Haicheng", "Help desk 12345", "system administrator"))


def test_the_second_factor_has_the_menu_unless_it_is_due(settings: Any) -> None:
    client = logged_in(person("reader", roles=["city-viewer"]))
    assert 'id="nav-sidebar"' in client.get("/portal/second-factor/").content.decode()


def test_a_due_second_factor_stands_alone(settings: Any, weak_logins: None) -> None:
    settings.SECOND_FACTOR = "required"
    page = (
        logged_in(person("approver", roles=["city-approver"])).get("/portal/second-factor/").content.decode()
    )
    assert 'id="nav-sidebar"' not in page
    assert "Haicheng" in page
