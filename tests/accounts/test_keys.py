"""API keys: whose they are, what they carry, and what the access log keeps of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.data import Capability, Viewer, write_scope
from apps.accounts.models import ApiKey, User
from apps.accounts.selectors import key_facts, key_viewer, viewer_for
from apps.accounts.services.keys import api_key_create, device_key_create, own_key_create
from apps.accounts.services.scopes import scope_rights, write_scopes
from apps.audit.models import AccessEntry
from apps.core.errors import ProblemError
from apps.core.grades import Grade
from tests.people import CAPABILITIES, business_role, person
from tests.portal.builders import stream

pytestmark = pytest.mark.django_db
CITY = {"name": "app", "domain": "city"}
ENGLISH = {"Accept-Language": "en"}


def owner(**changes: Any) -> User:
    """A planner and approver of the city and the farm."""
    user = person("ana", roles=["city-planner", "city-approver", "farm-planner"])
    User.objects.filter(pk=user.pk).update(**changes)
    return User.objects.get(pk=user.pk)


def viewer_of(user: User, *scopes: str, writing: str = "") -> Viewer:
    """The rights behind a new key."""
    facts = key_facts(api_key_create(user, scopes=scopes, **CITY)[1], writing=writing)
    assert facts is not None
    return facts.viewer


def test_a_key_that_reads_carries_looking_in_its_domain_and_nothing_else() -> None:
    viewer = viewer_of(owner(), "read")
    assert viewer.rights == {("city", Capability.VIEW)}
    assert (viewer.office, viewer.strong, viewer.grants, viewer.purposes) == (
        None,
        False,
        frozenset(),
        frozenset(),
    )
    assert viewer.is_program


def test_a_write_scope_carries_the_owners_rights_at_its_address_but_never_approval() -> None:
    plans = "write:scheduling.plans"
    at_plans, elsewhere = viewer_of(owner(), "read", plans, writing=plans), "write:training.runs"
    assert at_plans.may("city", "publish")
    assert not at_plans.may("city", "approve")
    assert not at_plans.may("farm", "plan")
    user = User.objects.get(username="ana")
    assert viewer_of(user, "read", plans, writing=elsewhere).rights == {("city", Capability.VIEW)}


def test_further_domains_are_read_and_only_those() -> None:
    _key, text = api_key_create(owner(), scopes=["read"], further_domains=["farm"], **CITY)
    viewer = key_viewer(text)
    assert viewer is not None
    assert viewer.domains == {"city", "farm"}


def test_a_key_never_carries_a_clearance_that_would_need_the_second_factor() -> None:
    user = owner()
    _key, text = api_key_create(user, scopes=["read"], **CITY)
    User.objects.filter(pk=user.pk).update(clearance=Grade.L4)
    viewer = key_viewer(text)
    assert viewer is not None
    assert viewer.clearance is Grade.L2


@pytest.mark.parametrize("who", [{"clearance": Grade.L3}, {"vendor": True}])
def test_who_may_see_restricted_data_and_contractors_get_no_key_that_reads(who: dict[str, Any]) -> None:
    user = owner(**who)
    with pytest.raises(ProblemError) as refused:
        own_key_create(viewer_for(user), scopes=["read"], **CITY)
    assert refused.value.status == 403
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("office", ["system", "security", "auditor"])
def test_offices_have_no_keys_and_a_key_from_before_ends_with_the_office(office: str) -> None:
    holder = person("holder", office=office)
    with pytest.raises(ProblemError):
        api_key_create(holder, scopes=["read"], **CITY)
    _key, text = api_key_create(holder, scopes=["ingest"], **CITY)
    assert key_facts(text) is None


def test_only_the_security_administrator_makes_keys_of_devices() -> None:
    for name, office in (("sys", "system"), ("aud", "auditor"), ("nobody", "")):
        with pytest.raises(ProblemError):
            device_key_create(**CITY, viewer=viewer_for(person(name, office=office), strong=True))
    security = viewer_for(person("sec", office="security"))
    with pytest.raises(ProblemError, match="second factor"):
        device_key_create(**CITY, viewer=security)
    key, text = device_key_create(**CITY, viewer=replace(security, strong=True))
    assert (key.user.username, key.scopes) == ("devices.city", ["ingest"])
    assert key_viewer(text) is None


@pytest.mark.parametrize("scopes", [[], ["admin"], ["write:"], ["write:plans"], ["read", "write:a.b c"]])
def test_a_scope_that_does_not_exist_is_refused_by_name(scopes: list[str]) -> None:
    with pytest.raises(ProblemError) as refused:
        own_key_create(viewer_for(owner()), scopes=scopes, **CITY)
    assert refused.value.field == "scopes"


def test_nobody_makes_a_key_for_a_domain_or_an_act_that_their_role_does_not_have() -> None:
    viewer = viewer_for(owner())
    for wish in ({"domain": "hospital", "scopes": ["read"]}, {"domain": "city", "scopes": ["ingest"]}):
        with pytest.raises(ProblemError) as refused:
            own_key_create(viewer, name="app", **wish)  # type: ignore[arg-type]  # a table of wishes
        assert refused.value.status == 403


def test_a_key_takes_no_scope_that_its_owners_role_could_never_use_and_names_the_role_that_could() -> None:
    for kind in CAPABILITIES:
        business_role("city", kind)
    viewer = viewer_for(owner())
    assert own_key_create(viewer, scopes=["write:scheduling.plans"], **CITY)[0].scopes
    with pytest.raises(ProblemError, match="analyst") as refused:
        own_key_create(viewer, scopes=["read", "write:training.models"], **CITY)
    assert (refused.value.status, refused.value.field) == (403, "scopes")
    for scope in ("write:city.requests", "write:sensing.locations", "write:alerts.rules"):
        with pytest.raises(ProblemError, match="operator"):
            own_key_create(viewer, scopes=[scope], **CITY)


def test_what_only_approvers_change_is_no_scope_because_no_key_carries_their_rights() -> None:
    assert "write:alerts.webhooks" not in write_scopes()
    assert all(Capability.APPROVE not in needed for needed in scope_rights().values())


def test_a_scope_is_kept_once_and_a_name_is_never_cut() -> None:
    viewer = viewer_for(owner())
    key, _text = own_key_create(viewer, scopes=["read", "read"], **CITY)
    assert key.scopes == ["read"]
    with pytest.raises(ProblemError, match="80") as refused:
        own_key_create(viewer, name="n" * 81, domain="city", scopes=["read"])
    assert refused.value.field == "name"


@pytest.mark.parametrize("until", ["２０９９-01-01", "2099-02-30", "20990101", "soon"])
def test_the_end_of_a_key_is_a_day_in_plain_digits(client: Client, until: str) -> None:
    client.force_login(owner())
    wish = {"act": "key_create", "key_name": "wall", "domain": "city", "scopes": ["read"], "until": until}
    answer = client.post(reverse("admin:developer"), wish, headers={"accept-language": "en"})
    assert "Choose a day." in answer.content.decode()
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/api/v1/scheduling/plans/", "write:scheduling.plans"),
        ("/api/v1/scheduling/plans/7/publish/", "write:scheduling.plans"),
        ("/api/v1/city/requests/", "write:city.requests"),
        ("/api/v1/privacy/minors-requests/", ""),
        ("/api/v1/subjects/requests/1/export/", ""),
        ("/api/v1/archive/rules/", ""),
        ("/portal/x/y/z/", ""),
        ("/api/v1/", ""),
    ],
)
def test_the_scope_of_an_address(path: str, scope: str) -> None:
    assert write_scope(path) == scope


def test_the_key_stands_in_each_entry_of_the_access_log_also_where_it_is_refused(client: Client) -> None:
    key, text = api_key_create(owner(), scopes=["read"], **CITY)
    headers = {"authorization": f"Bearer {text}"}
    client.get("/api/v1/city/roads/", headers=headers)
    client.get("/ogc/collections", headers=headers)
    client.post("/api/v1/scheduling/plans/", {}, headers=headers)
    entries = AccessEntry.objects.exclude(action="key_create").order_by("id")
    assert [entry.result for entry in entries] == ["done", "done", "refused"]
    assert all(f"key:{key.pk}" in entry.role.split(",") for entry in entries)


def test_making_and_ending_a_key_is_recorded_and_the_owner_is_told(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    user = person("bo", roles=["city-viewer"])
    client.force_login(user)
    page = reverse("admin:developer")
    wish = {"act": "key_create", "key_name": "wall", "domain": "city", "scopes": ["read"]}
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(page, wish)
    assert "cp_" in answer.content.decode()
    assert "cp_" not in client.get(page).content.decode()
    key = ApiKey.objects.get()
    assert (key.user, key.scopes) == (user, ["read"])
    secadmin = Client()
    secadmin.force_login(person("sec", office="security"))
    with django_capture_on_commit_callbacks(execute=True):
        chosen = {"action": "revoke_keys", "_selected_action": key.pk}
        ended = secadmin.post(
            reverse("admin:accounts_apikey_changelist"), chosen, follow=True, headers=ENGLISH
        )
    assert "The keys are revoked." in ended.content.decode()
    told = AccessEntry.objects.filter(user_id=user.pk, object_type="accounts.ApiKey").order_by("id")
    assert [entry.action for entry in told] == ["key_create", "key_told"]


def test_ending_a_key_on_the_developer_page_is_said(client: Client) -> None:
    user = owner()
    key, _text = api_key_create(user, scopes=["read"], **{**CITY, "name": "wall"})
    client.force_login(user)
    address, wish = reverse("admin:developer"), {"act": "key_revoke", "key": key.pk}
    answer = client.post(address, wish, headers=ENGLISH)
    assert "The key “wall” has ended." in answer.content.decode()


def test_nobody_ends_the_key_of_somebody_else_on_the_developer_page(client: Client) -> None:
    key, _text = api_key_create(owner(), scopes=["read"], **CITY)
    client.force_login(person("eve", roles=["city-viewer"]))
    answer = client.post(reverse("admin:developer"), {"act": "key_revoke", "key": key.pk})
    assert answer.status_code == 404
    assert ApiKey.objects.get(pk=key.pk).revoked_at is None


def test_a_key_that_reads_reads_what_programs_are_for() -> None:
    """Whoever forgets ``programs`` at a view closes it to every program without a word."""
    row = stream()
    _key, text = api_key_create(owner(), scopes=["read"], **CITY)
    addresses = (
        *("sensing/things/", "sensing/datastreams/", f"sensing/observations/?datastream={row.pk}"),
        *(f"sensing/series/{row.pk}/", "maps/layers/", "city/roads/", "training/forecasts/"),
        *("scheduling/plans/", "alerts/alarms/", "catalogue/entries/"),
    )
    client = Client(headers={"Authorization": f"Bearer {text}"})
    answers = {address: client.get(f"/api/v1/{address}").status_code for address in addresses}
    assert set(answers.values()) == {200}, answers


def test_the_last_use_of_a_key_is_known_to_ten_minutes() -> None:
    key, text = api_key_create(owner(), scopes=["read"], **CITY)
    assert ApiKey.objects.get().last_used_at is None
    assert key_facts(text)
    first = ApiKey.objects.get(pk=key.pk).last_used_at
    assert first is not None
    assert key_facts(text)
    assert ApiKey.objects.get(pk=key.pk).last_used_at == first
    ApiKey.objects.update(last_used_at=first - timedelta(hours=1))
    assert key_facts(text)
    assert ApiKey.objects.get(pk=key.pk).last_used_at > first
