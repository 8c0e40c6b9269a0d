from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.selectors import viewer_for
from apps.core.grades import Grade
from apps.domains.city.models import RequestReply, RequestState, ServiceRequest
from apps.domains.city.services.requests import request_handle
from apps.privacy.models import PolicyRule, PolicyVersion
from apps.privacy.selectors.inforce import IN_FORCE
from tests.city.builders import service_request
from tests.people import department, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def policy_hides() -> Iterator[Callable[[str], None]]:
    """Puts a policy in force that hides one field from everybody."""

    def hide(label: str) -> None:
        object_type, _dot, name = label.rpartition(".")
        version = PolicyVersion.objects.create(number=9, state="in_force", reason="test")
        PolicyRule.objects.create(
            version=version, order=1, key="hide", object_type=object_type, field=name, effect="hide"
        )
        IN_FORCE.forget()

    yield hide
    PolicyVersion.objects.all().delete()
    IN_FORCE.look()


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


def test_a_change_of_somebody_else_is_shown_and_not_overwritten() -> None:
    client, page = page_of("city-operator")
    User.objects.update(language="en")
    form = client.get(page)
    read = form.context["read"]
    request = ServiceRequest.objects.get()
    changes = {"state": RequestState.ASSIGNED, "department": department("environment")}
    request_handle(request, viewer=viewer_for(person("quick", roles=["city-operator"])), changes=changes)
    mine = {"category": "noise", "department": "", "state": "received", "read": read}
    answer = client.post(page, mine)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Somebody has changed this request since you opened it: Department, State." in text
    stored = ServiceRequest.objects.get()
    assert (stored.category, stored.state) == ("other", RequestState.ASSIGNED)
    data = answer.context["adminform"].form.data
    assert (data["category"], data["state"]) == ("noise", "assigned")
    again = {name: data[name] for name in ("category", "department", "state")}
    assert client.post(page, {**again, "read": answer.context["read"]}).status_code == 302
    stored.refresh_from_db()
    assert (stored.category, stored.state, str(stored.department)) == ("noise", "assigned", "environment")


def test_a_department_that_is_not_in_charge_is_refused_on_the_page_and_loses_no_input() -> None:
    client, page = page_of("city-operator")
    ServiceRequest.objects.update(department=department("environment"), state=RequestState.ASSIGNED)
    answer = client.post(page, {"category": "noise", "department": department().pk, "state": "assigned"})
    assert answer.status_code == 200
    assert "department" in answer.context["adminform"].errors
    assert answer.context["adminform"].form.data["category"] == "noise"


def rows(client: Client, query: str = "") -> set[str]:
    answer = client.get(reverse("admin:city_servicerequest_changelist") + query)
    return {row.number for row in answer.context["cl"].result_list}


def test_saved_views_hold_the_work_that_waits_and_say_how_much() -> None:
    client = Client()
    client.force_login(person("o", roles=["city-operator"]))
    now = timezone.now()
    wanted = {
        "new": (RequestState.RECEIVED, None, 1),
        "mine": (RequestState.ASSIGNED, department(), 1),
        "late": (RequestState.ASSIGNED, department("environment"), -1),
        "handled": (RequestState.HANDLED, department(), -1),
        "closed": (RequestState.CLOSED, department(), -9),
    }
    for number, (state, owner, days) in wanted.items():
        row = service_request(number, state=RequestState.RECEIVED)
        deadline = now + timedelta(days=days)
        ServiceRequest.objects.filter(pk=row.pk).update(state=state, department=owner, deadline=deadline)
    found = {view: rows(client, f"?view={view}") for view in ("open", "mine", "unassigned", "overdue", "all")}
    assert found == {
        "open": {"new", "mine", "late", "handled"},
        "mine": {"mine"},
        "unassigned": {"new"},
        "overdue": {"late"},
        "all": set(wanted),
    }
    assert rows(client) == found["open"]
    assert rows(client, "?q=closed") == {"closed"}
    assert rows(client, "?state__exact=closed") == {"closed"}
    answer = client.get(reverse("admin:city_servicerequest_changelist"))
    assert {view.key: count for view, count in answer.context["views"]} == {
        view: len(numbers) for view, numbers in found.items()
    }


def test_a_view_that_would_tell_a_closed_field_is_not_offered(policy_hides: Callable[[str], None]) -> None:
    service_request()
    policy_hides("city.ServiceRequest.department")
    client = Client()
    client.force_login(person("v", roles=["city-viewer"]))
    answer = client.get(reverse("admin:city_servicerequest_changelist") + "?view=unassigned")
    assert {view.key for view, _count in answer.context["views"]} == {"open", "overdue", "all"}
    assert answer.context["view_chosen"] == "all"


def test_a_reply_stands_on_the_page_and_is_masked_like_the_request() -> None:
    client, page = page_of("city-operator", clearance=Grade.L3)
    text = "已电话联系王小明，明天派人修补。"
    assert client.post(page, {"_reply": "1", "kind": "note", "text": text}).status_code == 302
    assert text in client.get(page).content.decode()
    viewer = Client()
    viewer.force_login(person("v", roles=["city-viewer"]))
    shown = viewer.get(page).content.decode()
    assert "王小明" not in shown
    assert "明天派人修补" in shown
    assert 'name="_reply"' not in shown
    assert viewer.post(page, {"_reply": "1", "kind": "note", "text": "x"}).status_code == 200
    assert RequestReply.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "text"), [("note", "  "), ("letter", "text"), ("note", "x" * 4001), ("answer", "text")]
)
def test_a_reply_that_does_not_fit_is_refused_and_stays_in_the_form(kind: str, text: str) -> None:
    client, page = page_of("city-operator")
    answer = client.post(page, {"_reply": "1", "kind": kind, "text": text})
    assert answer.status_code == 200
    assert answer.context["reply_text"] == text
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert not RequestReply.objects.exists()


def test_the_page_shows_the_place_as_exactly_as_the_reader_may_know_it() -> None:
    places = {}
    for clearance in (Grade.L2, Grade.L3):
        client = Client()
        client.force_login(person(clearance.name, roles=["city-viewer"], clearance=clearance))
        row = ServiceRequest.objects.first() or service_request()
        answer = client.get(reverse("admin:city_servicerequest_change", args=[row.pk]))
        places[clearance] = (answer.context["sketch"], answer.content.decode())
    rough, text = places[Grade.L2]
    assert (rough.longitude, rough.latitude) == (118.055, 24.455)
    assert rough.cell is not None
    assert "118.0512" not in text
    exact, _text = places[Grade.L3]
    assert (exact.longitude, exact.latitude, exact.cell) == (118.0512, 24.4567, None)


def test_the_history_on_the_page_speaks_words_and_shows_no_masked_text() -> None:
    client, page = page_of("city-operator")
    User.objects.update(language="en")
    form = {"category": "noise", "department": department().pk, "state": "assigned"}
    assert client.post(page, form).status_code == 302
    ServiceRequest.objects.update(text="电话10012345678，王小明")
    text = client.get(page).content.decode()
    history = text.partition('id="history"')[2]
    for word in ("Received", "Assigned", "transport", "Noise"):
        assert word in history
    assert "王小明" not in text
    assert "10012345678" not in text


def test_chosen_requests_become_the_sites_of_a_round() -> None:
    client = Client()
    client.force_login(person("o", roles=["city-operator"], clearance=Grade.L3))
    chosen = [service_request(number) for number in ("A-1", "A-2")]
    form = {"action": "plan_round", "_selected_action": [row.pk for row in chosen]}
    answer = client.post(reverse("admin:city_servicerequest_changelist"), form)
    assert answer.status_code == 302
    assert answer["Location"] == "/portal/plans/new/?problem=city.inspection_rounds&sites=A-1%2CA-2"


def test_no_round_visits_a_place_that_is_masked_and_who_may_not_plan_has_no_such_action() -> None:
    row = service_request()
    form = {"action": "plan_round", "_selected_action": [row.pk]}
    address = reverse("admin:city_servicerequest_changelist")
    masked, viewer = Client(), Client()
    masked.force_login(person("o", roles=["city-operator"]))
    answer = masked.post(address, form, follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["warning", "error"]
    assert row.number in str(next(iter(answer.context["messages"])))
    viewer.force_login(person("v", roles=["city-viewer"], clearance=Grade.L3))
    assert "plan_round" not in viewer.get(address).content.decode()


def test_the_form_offers_the_next_states_and_a_refusal_names_them() -> None:
    client, page = page_of("city-operator")
    User.objects.update(language="en")
    form = client.get(page).context["adminform"].form
    assert [key for key, _title in form.fields["state"].choices] == ["received", "assigned"]
    answer = client.post(page, {"category": "roads", "department": department().pk, "state": "closed"})
    assert answer.context["adminform"].errors["state"] == [
        "A request cannot go from Received to Closed. Next can be: Assigned."
    ]


def test_what_nobody_would_take_cannot_be_typed() -> None:
    client, page = page_of("city-operator")
    ServiceRequest.objects.update(department=department("environment"), state=RequestState.ASSIGNED)
    assert client.get(page).context["adminform"].form.fields["department"].disabled
    assert client.post(page, {"category": "noise", "state": "assigned"}).status_code == 302
    stored = ServiceRequest.objects.get()
    assert (stored.category, str(stored.department)) == ("noise", "environment")
    ServiceRequest.objects.update(state=RequestState.CLOSED)
    assert not client.get(page).context["adminform"].form.fields


def test_the_search_box_says_where_it_looks_and_finds_categories_and_departments() -> None:
    client, _page = page_of("city-operator")
    User.objects.update(language="en")
    ServiceRequest.objects.update(category="noise", department=department("environment"))
    number = ServiceRequest.objects.get().number
    address = reverse("admin:city_servicerequest_changelist")
    assert (
        'placeholder="Search by request number, department, category"' in client.get(address).content.decode()
    )
    for term in ("noise", "environment", number):
        assert rows(client, f"?q={term}") == {number}
    assert rows(client, "?q=refuse") == set()
