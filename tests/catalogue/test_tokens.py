"""Programs with tokens: a real OAuth client (authlib), what a token sees, and every bad token refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from django.apps import apps
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from apps.accounts.data import Viewer
from apps.accounts.models import User
from apps.catalogue.models import AccessRequest, ApiClient, ClientUse, Provision
from apps.catalogue.services.clients import BROWSER, MACHINE, client_create, client_end, client_rotate
from apps.catalogue.services.granting import request_approve, request_recall
from apps.core.errors import ProblemError
from apps.domains.city.models import RoadSegment
from tests.catalogue.builders import asked, entry, road, viewer
from tests.catalogue.wire import URL, WEB, wired

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}
BACK = "https://program.test/back"
BAD = {"code_challenge": "", "redirect_uri": "https://evil.test/", "response_type": "token"}
SCOPE = "city.RoadSegment:planning"


@pytest.fixture(autouse=True)
def plain_http() -> Iterator[None]:
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    yield
    del os.environ["AUTHLIB_INSECURE_TRANSPORT"]


@pytest.fixture
def fresh_counters() -> None:
    """Nobody has tried a wrong secret yet."""
    cache.clear()


@dataclass
class Program:
    """A registered program with one approved request."""

    url: str
    client: ApiClient
    secret: str
    owner: Viewer
    approver: Viewer
    request: AccessRequest

    def session(self, **options: Any) -> OAuth2Session:
        session = wired(OAuth2Session(self.client.application.client_id, self.secret, **options))
        assert isinstance(session, OAuth2Session)
        return session

    def token(self, scope: str = SCOPE) -> str:
        fetched = self.session(scope=scope).fetch_token(
            f"{self.url}/oauth/token/", grant_type="client_credentials"
        )
        return str(fetched["access_token"])

    def get(self, token: str, path: str = "/api/v1/city/roads/") -> requests.Response:
        return WEB.get(self.url + path, headers={"Authorization": f"Bearer {token}", **ENGLISH})


def program(url: str, flow: str = MACHINE, name: str = "planner") -> Program:
    owner, approver = (
        viewer(f"{name}.owner", "city-viewer", "farm-viewer"),
        viewer(f"{name}.sun", "city-approver"),
    )
    client, secret = client_create(name=name, flow=flow, redirect_uris=BACK, viewer=owner)
    request = asked(owner, entry(), client=client.pk, fields=["name", "lanes"])
    return Program(url, client, secret, owner, approver, request_approve(request, viewer=approver))


@pytest.fixture
def machine() -> Program:
    road()
    return program(URL)


def test_a_program_reads_exactly_the_fields_of_its_scope(machine: Program) -> None:
    rows = machine.get(machine.token()).json()["results"]
    assert rows[0]["name"] == "Road R1"
    assert {"name", "lanes", "id"} == {key for key in rows[0] if key != "masked"}
    assert set(rows[0]["masked"].values()) == {"scope"}


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/city/air-stations/",
        "/api/v1/sensing/datastreams/",
        "/api/v1/farm/fields/",
        "/api/v1/catalogue/datasets/",
    ],
)
def test_a_token_shows_nothing_beside_its_scope_although_its_owner_may_see_it(
    machine: Program, path: str
) -> None:
    answer = machine.get(machine.token(), path)
    assert answer.status_code in {200, 403, 404}
    assert answer.status_code != 200 or answer.json()["results"] == []


def test_a_token_cannot_be_used_to_filter_by_what_it_does_not_show(machine: Program) -> None:
    assert machine.get(machine.token(), "/api/v1/city/roads/?road_class=local").status_code == 403


def test_a_token_never_sees_more_than_its_owner(machine: Program) -> None:
    token = machine.token()
    User.objects.get(pk=machine.owner.user_id).grants.all().delete()
    apps.get_model("accounts", "AccessGrant").objects.all().delete()
    answer = machine.get(token)
    assert answer.status_code == 200
    assert answer.json()["results"] == []


def test_only_scopes_of_approved_requests_are_given(machine: Program) -> None:
    for scope in ("city.RoadSegment:statistics", "city.ServiceRequest:planning", "read", ""):
        with pytest.raises(OAuthError, match="invalid_scope"):
            machine.token(scope)


def test_a_recall_cuts_the_token_at_once(machine: Program) -> None:
    token = machine.token()
    assert machine.get(token).status_code == 200
    request_recall(machine.request, reason="wrong", viewer=machine.approver)
    answer = machine.get(token)
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, "application/problem+json")
    with pytest.raises(OAuthError):
        machine.token()


def test_forged_expired_revoked_and_misplaced_tokens_are_refused(machine: Program) -> None:
    token = machine.token()
    assert machine.get("x" * 30).status_code == 401
    assert WEB.get(f"{machine.url}/api/v1/city/roads/?access_token={token}").status_code == 401
    answer = machine.session().revoke_token(f"{machine.url}/oauth/revoke_token/", token=machine.token())
    assert answer.status_code == 200
    apps.get_model("oauth2_provider", "AccessToken").objects.update(
        expires=timezone.now() - timedelta(seconds=1)
    )
    assert machine.get(token).status_code == 401


def test_a_revoked_token_is_refused(machine: Program) -> None:
    token = machine.token()
    machine.session().revoke_token(f"{machine.url}/oauth/revoke_token/", token=token)
    assert machine.get(token).status_code == 401


def test_another_program_neither_reads_nor_ends_a_token(machine: Program) -> None:
    token, other = machine.token(), program(machine.url, name="other")
    mine, theirs = (
        one.session().introspect_token(f"{machine.url}/oauth/introspect/", token=token).json()
        for one in (machine, other)
    )
    assert (mine["active"], mine["scope"], theirs) == (True, SCOPE, {"active": False})
    other.session().revoke_token(f"{machine.url}/oauth/revoke_token/", token=token)
    assert machine.get(token).status_code == 200


def test_nothing_reusable_is_stored(machine: Program) -> None:
    token = machine.token()
    row = apps.get_model("oauth2_provider", "AccessToken").objects.get()
    assert token not in str(row.__dict__)
    assert machine.secret not in machine.client.application.__class__.objects.get().client_secret


def test_two_secrets_hold_during_the_overlap_and_one_afterwards(machine: Program) -> None:
    old, fresh = machine.secret, client_rotate(machine.client, viewer=machine.owner)
    for secret in (old, fresh):
        machine.secret = secret
        assert machine.get(machine.token()).status_code == 200
    ApiClient.objects.update(former_until=timezone.now() - timedelta(seconds=1))
    machine.secret = old
    with pytest.raises(OAuthError):
        machine.token()


def test_an_ended_program_gets_no_token_and_its_old_ones_mean_nothing(machine: Program) -> None:
    token = machine.token()
    with pytest.raises(ProblemError):
        client_end(machine.client, viewer=machine.approver)
    client_end(machine.client, viewer=machine.owner)
    assert machine.get(token).status_code == 401
    with pytest.raises(OAuthError):
        machine.token()


def test_a_quota_answers_429_with_the_time_of_the_next_day(machine: Program) -> None:
    ApiClient.objects.update(quota=1)
    token = machine.token()
    assert machine.get(token).status_code == 200
    answer = machine.get(token)
    assert (answer.status_code, answer.headers["Content-Type"]) == (429, "application/problem+json")
    assert 0 < int(answer.headers["Retry-After"]) <= 86400
    assert "next day begins at" in answer.json()["detail"]


def test_tiles_and_features_obey_the_token_too(machine: Program) -> None:
    token = machine.token()
    request_recall(machine.request, reason="x", viewer=machine.approver)
    assert machine.get(token, "/tiles/city.roads/9/423/220.mvt").status_code == 403
    assert machine.get("forged", "/ogc/collections/city.roads/items").status_code == 401


def test_the_ledger_says_what_was_provided_to_whom(machine: Program) -> None:
    token = machine.token()
    for _turn in range(2):
        machine.get(token)
    machine.get(token, "/api/v1/nowhere/")
    row, use = Provision.objects.get(), ClientUse.objects.get()
    assert (row.request, row.rows, row.answers, row.fields) == (machine.request, 2, 2, ["name", "lanes"])
    assert row.legal_basis == machine.request.legal_basis
    assert (use.requests, use.rows) == (2, 2)


def test_a_token_writes_nothing(machine: Program) -> None:
    header = {"Authorization": f"Bearer {machine.token()}"}
    for path in ("/api/v1/pulls/sources/", "/api/v1/catalogue/requests/"):
        assert WEB.post(machine.url + path, json={}, headers=header).status_code in {
            400,
            403,
        }
    assert RoadSegment.objects.count() == 1


@pytest.mark.parametrize("grant", ["password", "implicit", "urn:ietf:params:oauth:grant-type:device_code"])
def test_other_grants_do_not_exist(machine: Program, grant: str) -> None:
    body = {"grant_type": grant, "username": "a", "password": "b", "scope": SCOPE}
    answer = WEB.post(
        f"{machine.url}/oauth/token/",
        data=body,
        auth=(machine.client.application.client_id, machine.secret),
    )
    assert answer.status_code in {400, 401}
    assert "access_token" not in answer.text


def allowed(one: Program, **change: Any) -> tuple[str, str, OAuth2Session]:
    """The code that a person's consent gives, the verifier, and the client's session."""
    verifier = generate_token(48)
    session = one.session(scope=SCOPE, redirect_uri=BACK, code_challenge_method="S256")
    address, _state = session.create_authorization_url(f"{one.url}/oauth/authorize/", code_verifier=verifier)
    browser = Client()
    browser.force_login(User.objects.get(pk=one.owner.user_id))
    page = browser.get(f"/oauth/authorize/?{urlsplit(address).query}")
    assert page.status_code == 200, page.content[:400]
    values = {name: value or "" for name, value in page.context["form"].initial.items() if value is not None}
    answer = browser.post("/oauth/authorize/", {**values, "allow": "Authorize", **change})
    code = parse_qs(urlsplit(answer["Location"]).query).get("code", [""])[0]
    return code, verifier, session


def exchanged(one: Program, session: OAuth2Session, code: str, verifier: str) -> Any:
    return session.fetch_token(
        f"{one.url}/oauth/token/", grant_type="authorization_code", code=code, code_verifier=verifier
    )


@pytest.fixture
def browser_program() -> Program:
    road()
    return program(URL, BROWSER, "viewer-app")


def test_code_and_pkce_give_a_token_once(browser_program: Program) -> None:
    code, verifier, session = allowed(browser_program)
    token = exchanged(browser_program, session, code, verifier)
    assert browser_program.get(token["access_token"]).json()["results"][0]["name"] == "Road R1"
    with pytest.raises(OAuthError, match="invalid_grant"):
        exchanged(browser_program, session, code, verifier)


def test_a_code_that_comes_again_ends_every_token_that_came_of_it(browser_program: Program) -> None:
    code, verifier, session = allowed(browser_program)
    first, url = exchanged(browser_program, session, code, verifier), f"{browser_program.url}/oauth/token/"
    second = session.refresh_token(url, refresh_token=first["refresh_token"])
    assert browser_program.get(second["access_token"]).status_code == 200
    with pytest.raises(OAuthError, match="invalid_grant"):
        exchanged(browser_program, session, code, verifier)
    assert browser_program.get(second["access_token"]).status_code == 401
    with pytest.raises(OAuthError):
        session.refresh_token(url, refresh_token=second["refresh_token"])


def test_a_code_that_never_was_ends_nothing(browser_program: Program) -> None:
    code, verifier, session = allowed(browser_program)
    token = exchanged(browser_program, session, code, verifier)
    with pytest.raises(OAuthError, match="invalid_grant"):
        exchanged(browser_program, session, "made-up", verifier)
    assert browser_program.get(token["access_token"]).status_code == 200


@pytest.mark.parametrize(
    "uri",
    [
        "http://program.test/back",
        "http://127.0.0.1.evil.test/",
        "http://localhost.evil.test/",
        "http://10.0.0.1/back",
        "http://localhost@evil.test/",
        "https://program.test/back http://program.test/back",
    ],
)
def test_plain_http_leads_back_to_this_very_machine_only(uri: str) -> None:
    owner = viewer("owner", "city-viewer")
    with pytest.raises(ProblemError) as refused:
        client_create(name="plain", flow=BROWSER, redirect_uris=uri, viewer=owner)
    assert refused.value.field == "redirect_uris"
    assert not ApiClient.objects.exists()


@pytest.mark.parametrize("uri", ["http://127.0.0.1:8000/back", "http://[::1]/back", "https://program.test/"])
def test_https_and_loopback_addresses_are_taken(uri: str) -> None:
    client_create(name="app", flow=BROWSER, redirect_uris=uri, viewer=viewer("owner", "city-viewer"))
    assert ApiClient.objects.count() == 1


def test_a_contractor_registers_no_program() -> None:
    contractor = replace(viewer("wei", "city-viewer"), vendor=True)
    with pytest.raises(ProblemError):
        client_create(name="app", flow=MACHINE, viewer=contractor)


def test_a_wrong_verifier_and_another_programs_code_are_refused(browser_program: Program) -> None:
    code, verifier, session = allowed(browser_program)
    with pytest.raises(OAuthError):
        exchanged(browser_program, session, code, generate_token(48))
    other = program(browser_program.url, BROWSER, "thief")
    stolen = other.session(redirect_uri=BACK)
    code, verifier, _session = allowed(browser_program)
    with pytest.raises(OAuthError):
        exchanged(other, stolen, code, verifier)


def test_a_refresh_token_works_once_and_a_replay_ends_the_family(browser_program: Program) -> None:
    code, verifier, session = allowed(browser_program)
    first, url = exchanged(browser_program, session, code, verifier), f"{browser_program.url}/oauth/token/"
    second = session.refresh_token(url, refresh_token=first["refresh_token"])
    with pytest.raises(OAuthError):
        session.refresh_token(url, refresh_token=first["refresh_token"])
    assert browser_program.get(second["access_token"]).status_code == 401


@pytest.mark.parametrize("parameter", sorted(BAD))
def test_consent_without_pkce_or_to_another_address_is_refused(
    browser_program: Program, parameter: str
) -> None:
    session = browser_program.session(scope=SCOPE, redirect_uri=BACK, code_challenge_method="S256")
    address, _state = session.create_authorization_url("http://x/", code_verifier=generate_token(48))
    asked_for = {key: value[0] for key, value in parse_qs(urlsplit(address).query).items()}
    asked_for[parameter] = BAD[parameter]
    browser = Client()
    browser.force_login(User.objects.get(pk=browser_program.owner.user_id))
    answer = browser.get("/oauth/authorize/", asked_for)
    assert "code=" not in answer.get("Location", "")
    assert answer.status_code in {302, 400}
    assert not answer.get("Location", "").startswith("https://evil.test")


def test_the_service_describes_itself() -> None:
    body = WEB.get(f"{URL}/oauth/metadata/").json()
    assert body["grant_types_supported"] == ["authorization_code", "client_credentials", "refresh_token"]
    assert body["token_endpoint"].endswith("/oauth/token/")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"grant_type": "client_credentials", "scope": "nothing:here"}, "invalid_scope"),
        ({"grant_type": "client_credentials"}, "invalid_scope"),
        ({"grant_type": "authorization_code", "code": "never"}, ""),
        ({"grant_type": "refresh_token", "refresh_token": "never"}, ""),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({}, "unsupported_grant_type"),
    ],
)
def test_every_error_of_the_token_service_is_one_of_rfc_6749(
    machine: Program, body: dict[str, str], error: str
) -> None:
    login = (machine.client.application.client_id, machine.secret)
    answer = WEB.post(f"{machine.url}/oauth/token/", data=body, auth=login)
    found = answer.json()
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["Cache-Control"] == "no-store"
    assert set(found) == {"error", "error_description"}
    assert answer.status_code in {400, 401}
    assert error in {found["error"], ""}
    assert found["error_description"].isascii()
    assert len(found["error_description"]) > 30


def test_a_wrong_secret_is_asked_for_by_basic(machine: Program) -> None:
    login = (machine.client.application.client_id, "wrong")
    for path in ("token", "revoke_token", "introspect"):
        body = {"grant_type": "client_credentials", "token": "x"}
        answer = WEB.post(f"{machine.url}/oauth/{path}/", data=body, auth=login)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
        assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_a_revocation_answers_an_empty_200(machine: Program) -> None:
    login = (machine.client.application.client_id, machine.secret)
    answer = WEB.post(f"{machine.url}/oauth/revoke_token/", data={"token": machine.token()}, auth=login)
    assert (answer.status_code, answer.text) == (200, "")
    assert "html" not in answer.headers.get("Content-Type", "")


@pytest.mark.parametrize("method", ["", "plain"])
def test_a_program_without_pkce_hears_of_it_at_its_own_address(browser_program: Program, method: str) -> None:
    asked_for = {
        "client_id": browser_program.client.application.client_id,
        "response_type": "code",
        "redirect_uri": BACK,
        "scope": SCOPE,
        "state": "s1",
        **({"code_challenge": "a" * 43, "code_challenge_method": method} if method else {}),
    }
    browser = Client()
    browser.force_login(User.objects.get(pk=browser_program.owner.user_id))
    answer = browser.get("/oauth/authorize/", asked_for)
    told = parse_qs(urlsplit(answer["Location"]).query)
    assert answer["Location"].startswith(BACK)
    assert (told["error"], told["state"]) == (["invalid_request"], ["s1"])


def test_the_account_of_a_token_is_the_program_and_what_its_scopes_leave(machine: Program) -> None:
    body = machine.get(machine.token(), "/api/v1/accounts/me/").json()
    assert body["program"]["scopes"] == [SCOPE]
    assert body["rights"] == {"city": ["view"]}


@pytest.mark.parametrize("path", ["token", "revoke_token", "introspect"])
def test_a_program_brings_no_form_token(machine: Program, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    sent = {"client_id": machine.client.application.client_id, "client_secret": machine.secret}
    answer = client.post(f"/oauth/{path}/", sent | {"grant_type": "client_credentials", "token": "none"})
    assert answer.status_code in {200, 400, 401}, answer.content  # 403 would ask for a form token


@pytest.mark.parametrize("credentials", ["\xff\xff", "你".encode().decode("latin-1"), "====", "/w==", ""])
@pytest.mark.parametrize("scheme", ["Basic", "basic", "Bearer"])
@pytest.mark.parametrize("path", ["/oauth/token/", "/oauth/introspect/", "/oauth/revoke_token/"])
@pytest.mark.usefixtures("fresh_counters")
def test_credentials_that_nobody_can_read_are_a_wrong_program(
    path: str, scheme: str, credentials: str
) -> None:
    body = {"grant_type": "client_credentials", "token": "any"}
    answer = Client(raise_request_exception=False).post(
        path, body, headers={"Authorization": f"{scheme} {credentials}"}
    )
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("scheme", ["Basic", "Bearer"])
@pytest.mark.parametrize("credentials", ["\xff\xff", "你".encode().decode("latin-1"), "====", ""])
@pytest.mark.parametrize(
    "path", ["/api/v1/city/roads/", "/ogc/collections", "/tiles/city.roads/10/1/1.mvt", "/sta/v1.1/Things"]
)
def test_credentials_that_nobody_can_read_are_no_key(path: str, scheme: str, credentials: str) -> None:
    headers = {"Authorization": f"{scheme} {credentials}"}
    answer = Client(raise_request_exception=False).get(path, headers=headers)
    assert answer.status_code == 401
