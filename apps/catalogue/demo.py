"""The walk of the demonstration: people and a program against the running system, by HTTP and websocket."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any

import httpx
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.utils import timezone
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from apps.accounts.data import CONFIRMED_AT, STRONG_SINCE
from apps.accounts.selectors import viewer_for
from apps.catalogue.data import DatasetState
from apps.catalogue.models import Dataset
from apps.catalogue.services.clients import MACHINE, client_create

DATASET, LAYER, PURPOSE = "city.layer.roads", "city.roads", "planning"
SCOPE = f"{DATASET}:{PURPOSE}"
ROWS = f"/ogc/collections/{LAYER}/items?limit=3"
REQUESTS, CHANGES = "/api/v1/catalogue/requests/", "/api/v1/catalogue/changes/"
LOGIN_BACKEND = "apps.accounts.backends.SealedBackend"
SOCKET_SECONDS = 15.0
DEMONSTRATION = {
    "provider_code": "11359900000000001A",
    "abstract": "演示：道路及其实时车速。",
    "update_cycle": "realtime",
    "condition": "政务部门履职需要。",
    "legal_basis": "《政务数据共享条例》第十八条（演示）",
    "state": DatasetState.PUBLISHED,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done, what came of it, how long it took (seconds), and whether that is right."""

    name: str
    found: str
    seconds: float
    holds: bool


class WalkError(Exception):
    """The demonstration city is not there."""


class Walk:
    """Ask, approve, read by token and websocket, recall: 403 and a closed socket."""

    def __init__(self, base: str, *, applicant: str, approver: str) -> None:
        self.base = base.rstrip("/")
        person = _person(applicant)
        self.asks, self.decides = self._portal(person), self._portal(_person(approver))
        if not Dataset.objects.filter(code=DATASET).update(**DEMONSTRATION):
            detail = "There is no catalogue; run 'manage.py catalogue_sync' first."
            raise WalkError(detail)
        name = f"demo {secrets.token_hex(3)}"
        self.program, self.secret = client_create(name=name, flow=MACHINE, viewer=viewer_for(person))
        self.number, self.token = 0, ""

    def steps(self) -> Iterator[Step]:
        """Each step as soon as it is done."""
        yield _timed("request", self._ask)
        yield _timed("token before the approval is refused", lambda: self._fetch(expected=400))
        yield _timed("preview of what the applicant would see", self._preview)
        yield _timed("approval", lambda: self._decide("approve", {}, "approved"))
        yield _timed("token with the new grant", lambda: self._fetch(expected=200))
        yield _timed("API call with the new grant", lambda: self._read(200))
        address = f"{self.base.replace('http', 'ws', 1)}/ws/live/"
        with connect(address, origin=Origin(self.base), additional_headers=self._bearer()) as socket:
            yield _timed("live view opened with the token", lambda: _subscribe(socket))
            reason = {"reason": "demonstration"}
            yield _timed("recall", lambda: self._decide("recall", reason, "recalled"))
            yield _timed("the same API call is refused", lambda: self._read(403))
            yield _timed("the open live view is closed", lambda: _closed(socket))
        yield _timed("notice acknowledged", self._acknowledge)

    def _portal(self, person: Any) -> httpx.Client:
        """The person's session with the running system, as if his second factor had just been given."""
        store = import_module(settings.SESSION_ENGINE).SessionStore()
        store.update(
            {
                SESSION_KEY: str(person.pk),
                BACKEND_SESSION_KEY: LOGIN_BACKEND,
                HASH_SESSION_KEY: person.get_session_auth_hash(),
                STRONG_SINCE: timezone.now().isoformat(),
                CONFIRMED_AT: timezone.now().isoformat(),
            }
        )
        store.create()
        token = secrets.token_hex(16)
        cookies = {settings.SESSION_COOKIE_NAME: store.session_key, settings.CSRF_COOKIE_NAME: token}
        headers = {"X-CSRFToken": token, "Referer": self.base}
        return httpx.Client(base_url=self.base, cookies=cookies, headers=headers, timeout=30)

    def _ask(self) -> tuple[str, bool]:
        wish = {
            "dataset": DATASET,
            "fields_wanted": ["id", "code", "name", "geometry"],
            "purpose": PURPOSE,
            "purpose_text": "演示：规划运输路线",
            "legal_basis": "演示",
            "until": (timezone.localdate() + timedelta(days=7)).isoformat(),
            "client": self.program.pk,
        }
        answer = self.asks.post(REQUESTS, json=wish)
        body = answer.json()
        self.number = body.get("id", 0)
        return f"{answer.status_code}, reply due {body.get('due_on', body)}", answer.is_success

    def _preview(self) -> tuple[str, bool]:
        body = self.decides.get(f"{REQUESTS}{self.number}/preview/").json()
        outcomes = {row["name"]: row["outcome"] for row in body.get("columns", [])}
        return f"{body.get('count')} rows, {outcomes}", bool(outcomes)

    def _decide(self, act: str, body: dict[str, str], expected: str) -> tuple[str, bool]:
        answer = self.decides.post(f"{REQUESTS}{self.number}/{act}/", json=body)
        state = answer.json().get("state", answer.text)
        return f"{answer.status_code}, {state}", state == expected

    def _fetch(self, *, expected: int) -> tuple[str, bool]:
        answer = httpx.post(
            f"{self.base}/oauth/token/",
            data={"grant_type": "client_credentials", "scope": SCOPE},
            auth=(self.program.application.client_id, self.secret),
            timeout=30,
        )
        body = answer.json()
        self.token = body.get("access_token", "")
        return (
            f"{answer.status_code}, {body.get('error') or body.get('scope')}",
            answer.status_code == expected,
        )

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def _read(self, expected: int) -> tuple[str, bool]:
        answer = httpx.get(self.base + ROWS, headers=self._bearer(), timeout=30)
        body = answer.json()
        found = body.get("detail") or f"{len(body.get('features', []))} features"
        return f"{answer.status_code}, {found}", answer.status_code == expected

    def _acknowledge(self) -> tuple[str, bool]:
        rows = httpx.get(self.base + CHANGES, headers=self._bearer(), timeout=30).json().get("results", [])
        if not rows:
            return "no notice", False
        address = f"{self.base}{CHANGES}{rows[0]['id']}/acknowledge/"
        answer = httpx.post(address, headers=self._bearer(), timeout=30)
        return f"{rows[0]['kind']}: {answer.status_code}", answer.is_success


def _timed(name: str, deed: Callable[[], tuple[str, bool]]) -> Step:
    began = time.perf_counter()
    found, holds = deed()
    return Step(name, found, time.perf_counter() - began, holds)


def _person(name: str) -> Any:
    found = get_user_model().objects.filter(username=name, is_active=True).first()
    if found is None:
        detail = f"There is no {name}; run 'manage.py seed_demo' first."
        raise WalkError(detail)
    return found


def _subscribe(socket: ClientConnection) -> tuple[str, bool]:
    socket.send(json.dumps({"subscribe": [LAYER]}))
    body = json.loads(socket.recv(timeout=SOCKET_SECONDS))
    return f"{body['type']} of {len(body.get('values', []))} live values", body["type"] == "snapshot"


def _closed(socket: ClientConnection) -> tuple[str, bool]:
    """Read on until the platform closes."""
    told = ""
    try:
        while True:
            body = json.loads(socket.recv(timeout=SOCKET_SECONDS))
            told = body.get("detail", told) if body["type"] == "refused" else told
    except ConnectionClosed as closed:
        code = closed.rcvd.code if closed.rcvd else 0
        return f"closed with {code}: {told}", bool(told)
    except TimeoutError:
        return f"still open after {SOCKET_SECONDS:.0f} s", False
