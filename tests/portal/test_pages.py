"""Every page for every kind of person: shown, refused or absent."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.training.models import Run
from tests.people import person
from tests.portal import builders

pytestmark = pytest.mark.django_db
LISTS = ["streams", "uploads", "runs", "models", "forecasts", "plans", "jobs"]
OFFICES = ["system", "security", "auditor"]


def pages_of_one_row(user: User) -> list[str]:
    """The address of one page of each kind, with a row behind it."""
    series, plan = builders.stream(), builders.plan()
    proof = builders.forecast(series).model_version
    return [
        reverse("admin:stream", args=[series.pk]),
        reverse("admin:upload", args=[builders.upload(user).pk]),
        reverse("admin:run", args=[proof.run_id]),
        reverse("admin:model", args=[proof.pk]),
        reverse("admin:plan", args=[plan.pk]),
        reverse("admin:job", args=[builders.job().pk]),
        f"{reverse('admin:forecasts')}?datastream={series.pk}",
        f"{reverse('admin:plans_compare')}?a={plan.pk}&b={builders.plan(2, state='draft').pk}",
    ]


@pytest.mark.parametrize("name", LISTS)
def test_a_viewer_of_the_city_opens_every_list(name: str) -> None:
    client = builders.logged_in(person("viewer", roles=["city-viewer"]))
    assert client.get(reverse(f"admin:{name}")).status_code == 200


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("office", OFFICES)
def test_administrators_see_no_business_page(name: str, office: str) -> None:
    client = builders.logged_in(person(office, office=office))
    assert client.get(reverse(f"admin:{name}")).status_code == 403


def test_a_viewer_of_the_city_opens_every_single_row() -> None:
    user = person("viewer", roles=["city-viewer"])
    client = builders.logged_in(user)
    assert {client.get(url).status_code for url in pages_of_one_row(user)} == {200}


def test_to_another_department_the_rows_do_not_exist() -> None:
    user = person("nurse", roles=["hospital-operator"])
    client, urls = builders.logged_in(user), pages_of_one_row(user)
    answers = {url: client.get(url) for url in urls}
    shown = {url for url, answer in answers.items() if answer.status_code == 200}
    assert shown <= {url for url in urls if "forecasts" in url}
    assert b"Road R1" not in b"".join(answers[url].content for url in shown)


def test_without_a_login_every_page_leads_to_the_login() -> None:
    answers = [Client().get(reverse(f"admin:{name}")) for name in LISTS]
    assert all(answer["Location"].startswith("/portal/login/") for answer in answers)


def test_an_account_without_staff_flag_may_log_in() -> None:
    user = person("plain", roles=["city-viewer"])
    User.objects.filter(pk=user.pk).update(is_staff=False)
    answer = Client().post("/portal/login/", {"username": "plain", "password": builders.PASSWORD})
    assert answer.status_code == 302


def test_the_menu_names_only_the_domains_of_the_viewer() -> None:
    client = builders.logged_in(person("nurse", roles=["hospital-viewer"]))
    page = client.get("/portal/").content.decode()
    assert "/portal/hospital/" in page
    assert "/portal/city/" not in page


def test_somebody_without_a_role_is_told_whom_to_ask() -> None:
    client = builders.logged_in(person("new"))
    page = client.get("/portal/", headers={"Accept-Language": "en"}).content.decode()
    assert "You hold no role yet." in page


def test_the_language_is_kept_with_the_account() -> None:
    user = person("viewer", roles=["city-viewer"])
    builders.logged_in(user).post(reverse("admin:language"), {"language": "en", "next": "/portal/jobs/"})
    assert User.objects.get(pk=user.pk).language == "en"


@pytest.mark.parametrize("code", ["de", "ar", "xx", "", "zh"])
def test_a_language_that_the_platform_does_not_speak_is_refused_and_not_kept(code: str) -> None:
    user = person("viewer", roles=["city-viewer"])
    client = builders.logged_in(user)
    answer = client.post(reverse("admin:language"), {"language": code, "next": "/portal/jobs/"})
    assert (answer.status_code, User.objects.get(pk=user.pk).language) == (400, "")
    assert "zh-hans, en" in answer.content.decode()
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies


def test_a_language_of_before_that_the_platform_does_not_speak_counts_as_none() -> None:
    user = person("viewer", roles=["city-viewer"])
    User.objects.filter(pk=user.pk).update(language="de")
    client = builders.logged_in(user)
    for language in ("zh-hans", "en"):
        asked = {"Accept-Language": language}
        assert f'<html lang="{language}"' in client.get("/portal/", headers=asked).content.decode()
        assert client.get("/api/v1/sensing/things/0/", headers=asked)["Content-Language"] == language
    assert User.objects.get(pk=user.pk).speaks == ""


def test_the_palette_finds_only_what_the_viewer_may_see() -> None:
    builders.stream("R7")
    url = reverse("admin:search") + "?s=R7"
    mine = builders.logged_in(person("viewer", roles=["city-viewer"])).get(url).content
    other = builders.logged_in(person("nurse", roles=["hospital-viewer"])).get(url).content
    assert (b"city.R7.speed" in mine, b"city.R7.speed" in other) == (True, False)


def test_a_forecast_worse_than_the_baseline_is_named() -> None:
    series = builders.stream()
    builders.forecast(series, value=50, actual=60, naive=60)
    client = builders.logged_in(person("viewer", roles=["city-viewer"]))
    page = client.get(reverse("admin:forecasts"), headers={"Accept-Language": "en"}).content.decode()
    assert "was worse than the baseline" in page


def test_a_page_without_forecasts_says_why_and_where_to_look() -> None:
    client = builders.logged_in(person("viewer", roles=["city-viewer"]))
    address, english = reverse("admin:forecasts"), {"Accept-Language": "en"}
    assert "No model has been trained yet." in client.get(address, headers=english).content.decode()
    refused = builders.model(mae=3.0)
    page = client.get(address, headers=english).content.decode()
    assert "Version 1 is not promoted. Train on whole weeks, or longer." in page
    assert reverse("admin:model", args=[refused.pk]) in page
    other = builders.logged_in(person("nurse", roles=["hospital-viewer"]))
    assert "is not promoted" not in other.get(address, headers=english).content.decode()


def test_a_promoted_version_that_does_not_forecast_says_why_on_its_page_and_in_the_api() -> None:
    model = builders.model()
    model.stage, model.promoted_at = "promoted", timezone.now()
    model.refusal = {"code": "too_little_data", "share": 34}
    model.save()
    client = builders.logged_in(person("viewer", roles=["city-viewer"]))
    pages = ["admin:models", "admin:forecasts"]
    addresses = [*map(reverse, pages), reverse("admin:model", args=[model.pk])]
    for address in [*addresses, f"/api/v1/training/models/{model.pk}/"]:
        shown = client.get(address, headers={"Accept-Language": "en"}).content.decode()
        assert "Only 34 % of the past readings" in shown, address


def test_the_form_of_a_run_takes_whole_days_of_the_city() -> None:
    client = builders.logged_in(person("trainer", roles=["city-operator"]))
    wish = {"recipe": "city.traffic_speed", "data_from": "2026-03-02", "data_until": "2026-03-15"}
    client.post(reverse("admin:run_start"), wish)
    run = Run.objects.get()
    assert (run.data_from, run.data_until) == (
        datetime(2026, 3, 1, 16, tzinfo=UTC),
        datetime(2026, 3, 15, 16, tzinfo=UTC),
    )


@pytest.mark.parametrize("day", ["2026-02-30", "9999-12-31", "0001-01-01", "20260302T", "²", "x" * 5000])
def test_a_day_that_is_none_starts_no_run(day: str) -> None:
    client = builders.logged_in(person("trainer", roles=["city-operator"]))
    for name in ("data_from", "data_until"):
        wish = {"recipe": "city.traffic_speed", name: day}
        assert client.post(reverse("admin:run_start"), wish, follow=True).status_code == 200
    assert not Run.objects.exists()
