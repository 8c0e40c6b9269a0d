"""The sharing pages: a request's whole way by forms, and every page open to all in Chromium."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from apps.accounts.data import Viewer
from apps.accounts.models import User
from apps.catalogue.models import AccessRequest, ApiClient, CalendarDay, Dataset
from apps.catalogue.selectors.entries import name_of
from tests.catalogue.builders import asked, bureau, entry, road, viewer
from tests.portal import builders

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def browser_of(who: Viewer) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=who.user_id))
    return client


def wish(**change: Any) -> dict[str, Any]:
    until = (timezone.localdate() + timedelta(days=30)).isoformat()
    texts = {"purpose": "planning", "purpose_text": "harvest", "legal_basis": "Decree 809", "until": until}
    return {"fields": ["name", "lanes"], **texts, **change}


@pytest.mark.django_db
def test_a_form_that_does_not_fit_keeps_what_was_typed_and_names_the_field() -> None:
    row, farmer = entry(), browser_of(viewer("farmer", "farm-viewer"))
    answer = farmer.post(reverse("admin:data_request_new", args=[row.pk]), wish(legal_basis=""))
    assert answer.status_code == 200
    assert b'href="#f-legal_basis"' in answer.content
    assert b">harvest</textarea>" in answer.content
    assert not AccessRequest.objects.exists()


@pytest.mark.django_db
def test_a_request_goes_its_way_by_forms() -> None:
    row, people = entry(), (viewer("farmer", "farm-viewer", "city-viewer"), viewer("sun", "city-approver"))
    road()
    farmer, sun = (browser_of(who) for who in people)
    farmer.post(reverse("admin:data_request_new", args=[row.pk]), wish())
    made = AccessRequest.objects.get()
    page, go = reverse("admin:data_request", args=[made.pk]), reverse("admin:data_request_go", args=[made.pk])
    assert b"Road R1" in sun.get(page).content
    assert b"Road R1" not in farmer.get(page).content
    assert name_of(made.dataset) in sun.get(reverse("admin:approvals")).content.decode()
    assert farmer.post(go, {"act": "approve"}).status_code == 403
    sun.post(go, {"act": "approve"})
    sun.post(go, {"act": "recall", "reason": "wrong"})
    made.refresh_from_db()
    assert made.state == "recalled"
    farmer.post(reverse("admin:notice_read", args=[made.notices.get().pk]))
    assert made.notices.get().acknowledged_at
    assert browser_of(viewer("other", "farm-viewer")).get(page).status_code == 404


@pytest.mark.django_db
def test_an_entry_is_completed_by_a_form_and_published_by_somebody_else() -> None:
    row = entry(state="draft")  # type: ignore[arg-type]
    Dataset.objects.filter(pk=row.pk).update(abstract="", provider_code="x")
    editor, sun = browser_of(viewer("editor", "city-operator")), browser_of(viewer("sun", "city-approver"))
    change = reverse("admin:dataset_change", args=[row.pk])
    values = {field["name"]: field["value"] for field in editor.get(change).context["fields"]}
    assert b'aria-invalid="true"' in editor.post(change, values).content
    editor.post(change, values | {"provider_code": "11359900000000001A", "abstract": "Roads"})
    go = reverse("admin:dataset_go", args=[row.pk])
    assert editor.post(go, {"act": "reviewed"}).status_code == 403
    for step in ("reviewed", "published"):
        sun.post(go, {"act": step})
    row.refresh_from_db()
    assert (row.state, row.abstract) == ("published", "Roads")


@pytest.mark.django_db
def test_a_secret_is_shown_once_on_the_developer_page() -> None:
    owner = browser_of(viewer("owner", "city-viewer"))
    page = reverse("admin:developer")
    made = owner.post(page, {"act": "create", "name": "app", "flow": "client-credentials"})
    secret = made.context["secret"]
    assert secret.encode() in made.content
    assert secret.encode() not in owner.get(page).content
    client = ApiClient.objects.get()
    assert owner.post(page, {"act": "rotate", "client": client.pk}).context["secret"] != secret
    other = browser_of(viewer("other", "city-viewer"))
    assert other.post(page, {"act": "end", "client": client.pk}).status_code == 404
    owner.post(page, {"act": "end", "client": client.pk})
    assert not ApiClient.objects.get().active


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:6379/", "http://169.254.169.254/", "ftp://x/", "http://[::1]/"]
)
def test_notices_are_never_sent_into_the_own_network(url: str) -> None:
    owner = browser_of(viewer("owner", "city-viewer"))
    values = {"act": "create", "name": "app", "flow": "client-credentials", "webhook_url": url}
    answer = owner.post(reverse("admin:developer"), values)
    assert b'href="#f-webhook_url"' in answer.content
    assert not ApiClient.objects.exists()


@pytest.mark.django_db
def test_the_bureau_keeps_the_calendar_on_its_page() -> None:
    entry()
    page, judge = reverse("admin:work_calendar"), browser_of(bureau())
    assert judge.post(page, {"open": "2027"})["Location"].endswith("?year=2027")
    judge.post(page, {"day": "2027-01-01", "working": "no", "note": "元旦"})
    assert "元旦" in judge.get(f"{page}?year=2027").content.decode()
    assert CalendarDay.objects.get(day="2027-01-01").working is False
    assert browser_of(viewer("w", "city-viewer")).post(page, {"open": "2028"}).status_code == 403
    answers = {text: judge.get(page, {"year": text}).status_code for text in ("x", "99999", "0000", "²")}
    assert answers == {"x": 400, "99999": 200, "0000": 200, "²": 400}


@pytest.mark.django_db(transaction=True)
def test_every_sharing_page_keeps_to_the_content_policy_and_is_open_to_all(
    page: Page, live_server: Any
) -> None:
    sun, farmer = viewer("sun", "city-approver", "city-operator"), viewer("farmer", "farm-viewer")
    road()
    number = asked(farmer, entry()).pk
    row = entry("city.ServiceRequest")
    User.objects.filter(pk=sun.user_id).update(language="en")
    page.goto(f"{live_server.url}/portal/login/")
    page.fill("#id_username", "sun")
    page.fill("#id_password", builders.PASSWORD)
    page.click("#login-form button[type=submit]")
    page.wait_for_url("**/portal/")
    page.add_init_script(
        "window.violations = []; document.addEventListener('securitypolicyviolation',"
        " (event) => window.violations.push(event.violatedDirective + event.blockedURI));"
    )
    paths = [
        "catalogue/",
        f"catalogue/{row.pk}/",
        f"catalogue/{row.pk}/change/",
        f"catalogue/{row.pk}/request/",
    ]
    for path in [*paths, "requests/", f"requests/{number}/", "approvals/", "working-days/", "developer/"]:
        page.goto(f"{live_server.url}/portal/{path}")
        page.wait_for_selector("html:not([x-cloak])")
        page.evaluate(AXE.read_text())
        found = page.evaluate("rules => axe.run({runOnly: {type: 'tag', values: rules}})", RULES)
        assert [fault["id"] for fault in found["violations"]] == [], path
        assert page.evaluate("window.violations") == [], path
