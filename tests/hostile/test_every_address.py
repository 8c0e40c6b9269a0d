"""Every address of the running URL map, every parameter that a view reads, every hostile text: no answer 500.

The parameters are those that the API document names and those that the views are seen to read when they are
asked once without any. A name that is met for the first time gets more values than its namesakes.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import pytest
import yaml
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

from apps.core.domains import all_domains
from apps.core.errors import FOR_PROGRAMS
from apps.core.grades import Grade
from apps.core.problems import OAUTH
from tests.exits.routes import address, patterns
from tests.exits.test_every_exit import MODEL_PAGE, addresses
from tests.hostile.values import ALL, NASTY, SOME, WORST
from tests.people import CAPABILITIES, OFFICES, person

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
BACKEND = "apps.accounts.backends.SealedBackend"
ESCAPED = re.compile(rb"\\u[4-9][0-9a-f]{3}")
# One parameter for each reader that there is: these meet every value.
EVERY_VALUE = {
    "datastream": "/api/v1/sensing/observations/",
    "start": "/api/v1/sensing/export/?domain=city",
    "width": "/api/v1/sensing/buckets/1/",
    "cursor": "/api/v1/city/roads/",
    "lanes": "/ogc/collections/city.roads/items",
    "priority": "/ogc/collections/city.sites/items",
    "bbox": "/ogc/collections/city.air/items",
    "datetime": "/ogc/collections/city.air/items",
    "$filter": "/sta/v1.1/Things",
    "$top": "/sta/v1.1/Things",
    "$orderby": "/sta/v1.1/Things",
    "before": "/portal/log/",
    "s": "/portal/search/",
    "q": "/portal/catalogue/",
    "state": "/portal/jobs/",
    "page": "/portal/jobs/",
    "o": "/portal/city/roadsegment/",
    "id__in": "/portal/city/roadsegment/",
}
STA = ("$filter", "$orderby", "$top", "$skip", "$select", "$expand", "$count", "$skiptoken", "$resultFormat")
# Read by one class for every list, so once is enough.
SAME_READER = {"limit", "cursor", "page", "bbox", "time", "format", "language", "start", "end", "next"}
ADMIN = ("q", "o", "p", "all", "_facets", "id__exact", "_popup", "_changelist_filters")
NUMBERED = re.compile(r"/\d+(?=/|$)")


def fault_of(answer: Any, asked: str) -> str:
    """What is wrong with an answer, "" for nothing."""
    kind = answer.headers.get("Content-Type", "")
    if answer.status_code >= 500:
        return f"{answer.status_code} {asked[:150]}"
    is_for_program = asked.partition(" ")[2].startswith(FOR_PROGRAMS)
    speaks = "application/json" if asked.partition(" ")[2].startswith(OAUTH) else "problem+json"
    if answer.status_code >= 400 and is_for_program and speaks not in kind:
        return f"{answer.status_code} as {kind} {asked[:150]}"
    if "json" in kind and not answer.streaming and ESCAPED.search(answer.content):
        return f"escaped {asked[:150]}"
    return ""


class Walk:
    """Asks, and keeps what was wrong; people beside the first are asked where that one is refused."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.count = 0
        roles = [f"{domain.slug}-{kind}" for domain in all_domains() for kind in CAPABILITIES]
        people = [person("everything", roles=roles, clearance=Grade.L4)]
        people += [person(office, office=office) for office in OFFICES]
        self.clients = [self._client(one) for one in people]
        self._of: dict[str, Client] = {}

    def _client(self, user: Any) -> Client:
        client = Client(raise_request_exception=False, headers={"accept-language": "zh-hans"})
        client.force_login(user, backend=BACKEND)
        return client

    def client(self, path: str) -> Client:
        """Who may open the address."""
        route = NUMBERED.sub("/1", path.partition("?")[0])
        if route not in self._of:
            for client in self.clients:
                self._of[route] = client
                if client.get(path).status_code != 403:
                    break
            else:
                self._of[route] = self.clients[0]
        return self._of[route]

    def ask(self, method: str, path: str, client: Client | None = None, **named: Any) -> Any:
        """One request."""
        answer = getattr(client or self.client(path), method)(path, **named)
        self.count += 1
        if answer.streaming:
            b"".join(answer.streaming_content)
        fault = fault_of(answer, f"{method} {path}")
        if fault:
            self.faults.append(f"{fault} {str(named)[:100] if named else ''}")
        return answer


@pytest.fixture
def walk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Walk]:
    """A walk whose faults fail the test; the limits of requests a minute are those of another test."""
    for throttle in (UserRateThrottle, AnonRateThrottle):
        monkeypatch.setattr(throttle, "get_rate", lambda _throttle: None)
    cache.clear()
    found = Walk()
    yield found
    assert not found.faults, f"{len(found.faults)} of {found.count}:\n" + "\n".join(found.faults[:60])


@pytest.fixture
def names_read(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Fills with the names that views look for in a query or a form."""
    names = set[str]()

    def watched(method: str) -> Any:
        usual = getattr(QueryDict, method)

        def look(self: QueryDict, name: Any, *args: Any, **named: Any) -> Any:
            names.add(str(name))
            return usual(self, name, *args, **named)

        return look

    for method in ("get", "getlist", "__getitem__", "__contains__"):
        monkeypatch.setattr(QueryDict, method, watched(method))
    return names


def documented() -> dict[str, list[str]]:
    """The query parameters of each address of the API document."""
    text = (ROOT / "docs/api/openapi.yaml").read_text()
    paths = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["paths"]
    return {
        re.sub(r"\{\w+\}", "1", path): [
            one["name"] for one in get.get("parameters", ()) if one["in"] == "query"
        ]
        for path, item in paths.items()
        if (get := item.get("get"))
    }


def with_value(path: str, name: str, value: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{quote(name)}={value}"


def parameters(walk: Walk, path: str, names: set[str], known: dict[str, list[str]]) -> list[str]:
    """What the view at a path reads, as seen and as written down."""
    names.clear()
    walk.ask("get", path)
    found = {*names, *known.get(path, ())}
    if path.startswith("/sta/"):
        found |= set(STA)
    elif re.fullmatch(r"/portal/\w+/\w+/", path):
        found |= set(ADMIN)
    return sorted(found - {"csrfmiddlewaretoken"})


def test_one_parameter_of_each_reader_takes_every_value(walk: Walk) -> None:
    list(addresses())  # rows to read
    assert len(ALL) >= 60
    for name, path in EVERY_VALUE.items():
        for value in ALL.values():
            walk.ask("get", with_value(path, name, value))


def read_addresses() -> Iterator[str]:
    """Addresses that read parameters: of the pages that every model has, those of one model."""
    for path in addresses():
        one = re.sub(r"city\.\w+", "city.roads", path)
        if not MODEL_PAGE.match(one) or one.startswith("/portal/city/roadsegment/"):
            yield one


def test_every_parameter_of_every_address_takes_the_worst_values(walk: Walk, names_read: set[str]) -> None:
    known, met = documented(), set[str]()
    for path in dict.fromkeys(read_addresses()):
        for name in parameters(walk, path, names_read, known):
            if name in met and name in SAME_READER:
                continue
            values = WORST if name in met else NASTY
            met.add(name)
            for value in values.values():
                walk.ask("get", with_value(path, name, value))
    assert len(met) > 60
    assert walk.count > 1000


def test_every_argument_of_every_path_takes_the_worst_values(walk: Walk) -> None:
    list(addresses())
    client, seen = walk.clients[0], set[str]()
    for route, _pattern in patterns():
        names = re.findall(r"<(?:\w+:)?(\w+)>", route)
        shape = re.sub(r"^portal/\w+/\w+/", "portal/model/", route)
        if not names or shape in seen or "format" in names:
            continue
        seen.add(shape)
        usual = dict.fromkeys(names, "1") | {"layer": "city.roads", "url": "x"}
        for name in names:
            is_text = f"<str:{name}>" in route or f"<path:{name}>" in route
            for value in (SOME if is_text else WORST).values():
                filled = address(route, {**usual, name: quote(value[:4999], safe="%")}).replace("//", "/")
                walk.ask("get", filled, client=client)
    for value in ALL.values():
        walk.ask("get", f"/ogc/collections/{value[:4999]}/items", client=client)
        walk.ask("get", f"/sta/v1.1/Things({value[:4999]})", client=client)
        walk.ask("get", f"/api/v1/city/roads/{value[:4999]}/", client=client)
    assert walk.count > 500


def test_every_field_of_every_form_takes_the_worst_values(walk: Walk, names_read: set[str]) -> None:
    list(addresses())
    client = walk.clients[0]
    for route, pattern in patterns():
        is_of_model = hasattr(pattern.callback, "model_admin") and "pulls/source/" not in route
        if not re.match(r"(portal|oauth|i18n)/", route) or is_of_model or route == "portal/logout/":
            continue
        names = re.findall(r"<(?:\w+:)?(\w+)>", route)
        path = address(route, dict.fromkeys(names, "1")) if names else address(route, {})
        names_read.clear()
        walk.ask("post", path, client=client, data={})
        fields = sorted({*names_read, *FURTHER.get(path, ())} - {"csrfmiddlewaretoken"})
        for value in (*WORST.values(), *(ALL[name] for name in TOGETHER)):
            body = "&".join(f"{quote(name)}={value}" for name in fields)
            walk.ask("post", path, client=client, data=body, content_type="application/x-www-form-urlencoded")
        for name in fields:
            for value in WORST.values():
                rest = "&".join(f"{quote(other)}=1" for other in fields if other != name)
                body = f"{quote(name)}={value}&{rest}"
                walk.ask(
                    "post", path, client=client, data=body, content_type="application/x-www-form-urlencoded"
                )


TOGETHER = ("beyond 64 bits", "quotes", "year 1 in the east", "null sign", "gbk")
FURTHER = {
    "/oauth/token/": ("client_id", "client_secret", "code", "code_verifier", "scope", "refresh_token"),
    "/oauth/introspect/": ("token", "token_type_hint"),
    "/oauth/revoke_token/": ("token", "client_id", "client_secret"),
    "/oauth/authorize/": ("client_id", "redirect_uri", "scope", "state", "response_type", "allow"),
}


def test_the_token_service_takes_every_value_from_strangers(walk: Walk) -> None:
    stranger = Client(raise_request_exception=False)
    form = {"content_type": "application/x-www-form-urlencoded", "client": stranger}
    for value in ALL.values():
        for grant in ("client_credentials", "authorization_code", "refresh_token"):
            rest = f"client_secret={value}&code={value}&refresh_token={value}&scope={value}"
            walk.ask("post", "/oauth/token/", data=f"grant_type={grant}&client_id={value}&{rest}", **form)
        walk.ask(
            "post", "/oauth/revoke_token/", data=f"token={value}&client_id={value}&client_secret=x", **form
        )
    for value in SOME.values():
        pair = b64encode(unquote_to_bytes(value) + b":" + unquote_to_bytes(value)).decode()
        basic = {"authorization": f"Basic {pair}"}
        for path in ("/oauth/introspect/", "/oauth/token/", "/oauth/revoke_token/"):
            walk.ask("post", path, data="token=x&grant_type=client_credentials", headers=basic, **form)
        for path in ("/api/v1/city/roads/", "/sta/v1.1/Things", "/tiles/city.roads.json", "/ogc/collections"):
            walk.ask("get", path, client=stranger, headers=basic)


@pytest.mark.parametrize("path", ["/portal/jobs/", "/api/v1/city/roads/"])
def test_every_header_and_cookie_takes_every_value(walk: Walk, path: str) -> None:
    names = (
        *(
            "accept",
            "accept-language",
            "authorization",
            "x-purpose",
            "x-request-id",
            "if-none-match",
            "range",
        ),
        *("if-modified-since", "content-type", "prefer", "referer", "origin", "x-forwarded-for", "host"),
    )
    for value in [unquote_to_bytes(value).decode("latin-1") for value in SOME.values()]:
        for name in names:
            walk.ask("get", path, client=walk.clients[0], headers={name: value.replace("\r\n", " ")})
        for name in ("sessionid", "csrftoken", "django_language", "messages"):
            octal = "".join(f"\\{ord(sign):03o}" for sign in value[:300])
            cookie = {"cookie": f'{name}="{octal}"'}
            walk.ask("get", path, client=Client(raise_request_exception=False), headers=cookie)


def test_names_of_files_and_parts_take_every_value(walk: Walk) -> None:
    client = walk.clients[0]
    for value in ALL.values():
        name = unquote_to_bytes(value).decode(errors="surrogateescape").replace("\r\n", "")[:300]
        for path, field in (("/api/v1/sensing/uploads/", "file"), (reverse("admin:upload_send"), "file")):
            head = f'Content-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
            odd = f'Content-Disposition: form-data; name="{name}"\r\n\r\n{name}'
            parts = "".join(f"--x\r\n{part}\r\n" for part in (head + "\ufeff", odd, _plain("domain", "city")))
            body = (parts + "--x--\r\n").encode(errors="surrogateescape")
            walk.ask("post", path, client=client, data=body, content_type="multipart/form-data; boundary=x")


def _plain(name: str, text: str) -> str:
    return f'Content-Disposition: form-data; name="{name}"\r\n\r\n{text}'


def test_a_file_that_holds_nothing_but_a_mark_of_its_encoding_is_refused_by_name(walk: Walk) -> None:
    for content in (b"\xef\xbb\xbf", b"\xff\xfe", b"", b"\x00", b"\n\n\n", b'"'):
        sent = {"file": SimpleUploadedFile("month.csv", content), "domain": "city"}
        answer = walk.ask("post", "/api/v1/sensing/uploads/", client=walk.clients[0], data=sent)
        if answer.status_code == 201:
            walk.ask("get", f"/api/v1/sensing/uploads/{answer.json()['id']}/preview/", client=walk.clients[0])


@pytest.mark.parametrize("prefix", FOR_PROGRAMS)
def test_programs_get_problems_and_nothing_else(walk: Walk, prefix: str) -> None:
    for client in (walk.clients[0], Client(raise_request_exception=False)):
        for path in (prefix, f"{prefix}nothing", f"{prefix}nothing/at/all/", f"{prefix}%00"):
            for method in ("get", "post", "put", "patch", "delete", "options"):
                walk.ask(method, path, client=client)


def test_a_refusal_says_which_part_cannot_be_read() -> None:
    client = Client(raise_request_exception=False)
    client.force_login(person("bo", roles=["city-viewer"]), backend=BACKEND)
    for path, field in (
        ("/portal/search/?s=%00", "s"),
        ("/api/v1/city/roads/?a=1&code=%ff", "code"),
        ("/tiles/%00.json", "path"),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    posted = client.post(
        "/portal/purpose/", data="a=1&purpose=%00", content_type="application/x-www-form-urlencoded"
    )
    assert (posted.status_code, posted.json()["errors"][0]["field"]) == (400, "purpose")
    body = '{"parameters": {"sites": "\\u0000"}}'
    answer = client.post("/api/v1/scheduling/plans/", body, content_type="application/json")
    assert answer.json()["errors"][0]["field"] == "parameters.sites"


def test_a_box_across_the_180th_meridian_and_a_number_out_of_range_find_nothing(walk: Walk) -> None:
    list(addresses())
    for query in (
        "city.air/items?bbox=160.6,-55.95,-170,-25.89",
        "city.roads/items?lanes=99999",
        "city.roads/items?lanes=-1",
    ):
        for end in ("", "&resultType=hits"):
            answer = walk.ask("get", f"/ogc/collections/{query}{end}")
            assert (answer.status_code, answer.json()["features"]) == (200, [])
