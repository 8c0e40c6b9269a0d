"""The form that makes a plan."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.core.grades import Grade
from apps.scheduling.models import Plan
from tests.city.builders import service_request, site, street_grid
from tests.people import person
from tests.portal.builders import logged_in, plan

pytestmark = pytest.mark.django_db
FORM = "/portal/plans/new/?problem=city.inspection_rounds"


@pytest.fixture
def town(db: None) -> None:
    street_grid()
    site("depot", 0, 0, category="depot")
    site("near", 1, 0)
    service_request("T-9")


def planner(clearance: Grade = Grade.L2, **rights: Any) -> Client:
    return logged_in(person("planner", roles=["city-planner"], clearance=clearance, **rights))


def shown(client: Client, path: str = FORM) -> str:
    answer = client.get(path, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def made(client: Client, **given: Any) -> Any:
    typed = {"p-" + name: value for name, value in given.items()}
    return client.post(FORM, typed, headers={"accept-language": "en"})


def test_choices_are_choices_and_a_day_is_a_date(town: None) -> None:
    page = shown(planner())
    assert '<select class="input" id="p-speed_source"' in page
    assert "Usual speed of the hour" in page
    assert 'id="p-day" name="p-day" type="date"' in page
    assert "0 forecast" not in page


def test_the_places_are_listed_and_drawn_and_a_start_is_chosen_from_them(town: None) -> None:
    page = shown(planner())
    for code in ("depot", "near"):
        assert f'name="p-visit" value="{code}"' in page
        assert f'data-place="{code}"' in page
        assert f'<option value="{code}"' in page


def test_a_plan_keeps_what_was_chosen(town: None) -> None:
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    answer = made(
        planner(), day=tomorrow, start="near", speed_source="3", visit=["depot", "near"], vehicles="2"
    )
    assert answer.status_code == 302
    kept = Plan.objects.get().parameters
    assert (kept["day"], kept["start"], kept["speed_source"]) == (tomorrow, "near", 3)
    assert (kept["visit"], kept["vehicles"]) == (["depot", "near"], 2)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("day", "2020-01-01", "Give a date from"),
        ("day", "2026-02-30", "year-month-day"),
        ("day", "tomorrow", "year-month-day"),
        ("speed_source", "7", "Choose one of these"),
        ("start", "nowhere", "There is no such place"),
        ("visit", "nowhere", "There is no such place"),
        ("vehicles", "1_0", "Give a number"),
        ("vehicles", "٣", "Give a number"),
    ],
)
def test_what_does_not_fit_is_named_and_kept(town: None, name: str, value: str, words: str) -> None:
    answer = made(planner(), **{name: value, "sites": "17"})
    page = answer.content.decode()
    assert f'href="#p-{name}"' in page
    assert words in page
    assert 'value="17"' in page
    assert not Plan.objects.exists()


def test_requests_of_another_page_become_places(town: None) -> None:
    page = shown(planner(Grade.L3), f"{FORM}&sites=T-9,near")
    for code in ("T-9", "near"):
        assert f'name="p-visit" value="{code}" checked' in page
    assert 'name="p-visit" value="depot" checked' not in page
    assert 'id="fault"' not in page


def test_a_request_whose_place_is_masked_is_not_drawn_and_cannot_be_visited(town: None) -> None:
    client = planner()
    page = shown(client, f"{FORM}&sites=T-9")
    assert 'data-place="T-9"' not in page
    assert "may not see the exact place of T-9" in page
    assert made(client, visit=["T-9"]).status_code == 200
    assert not Plan.objects.exists()


def test_a_request_that_is_unknown_and_one_elsewhere_are_refused_alike(town: None) -> None:
    client = planner(Grade.L3, division_code="350299")
    request = service_request("T-10")
    request.division = "350211"
    request.save()
    elsewhere, unknown = (shown(client, f"{FORM}&sites={number}") for number in ("T-10", "T-11"))
    assert "There is no such place, or you may not know of it: T-10." in elsewhere
    assert elsewhere.replace("T-10", "T-11").count("T-11") == unknown.count("T-11")


def test_the_api_takes_the_same_and_refuses_the_same(town: None) -> None:
    client = planner()
    url = "/api/v1/scheduling/plans/"
    for parameters in (
        {"visit": ["T-9"]},
        {"visit": "near"},
        {"day": 3},
        {"vehicles": True},
        {"visit": [["near"]]},
    ):
        body = {"problem": "city.inspection_rounds", "parameters": parameters}
        answer = client.post(url, body, content_type="application/json")
        assert answer.status_code in {400, 403}, parameters
        assert next(iter(parameters)) in str(answer.json()["errors"])
    body = {"problem": "city.inspection_rounds", "parameters": {"visit": ["near"], "start": "depot"}}
    assert client.post(url, body, content_type="application/json").status_code == 201


def test_a_plan_tells_its_cost_in_time_and_where_its_speeds_come_from() -> None:
    stored = plan()
    hours = [{"begins": "2026-03-03T09:00+08:00", "usual": 7, "free_flow": 1}]
    notes = {"depot": "Centre", "day": "2026-03-03", "speed_source": "usual", "speeds": hours}
    Plan.objects.filter(pk=stored.pk).update(cost=5400, bound=3600, notes=notes)
    page = shown(planner(), f"/portal/plans/{stored.pk}/")
    assert "1 hour 30 minutes" in page
    assert "usual speed of the hour for 1 hour" in page
    assert "Driving time of all vehicles" in page


def test_a_plan_of_before_still_opens() -> None:
    stored = plan()
    old = {"depot": "Centre", "speeds": "free flow: 3", "speeds_for": "2026-03-03T09:00+08:00"}
    Plan.objects.filter(pk=stored.pk).update(notes=old)
    assert "Centre" in shown(planner(), f"/portal/plans/{stored.pk}/")
