"""What strangers' names do to the access log of a running process: nothing."""

from __future__ import annotations

import time
import uuid

import httpx
import pytest

from apps.audit.models import AccessEntry
from tests.live.builders import Web, cookies, hear, say
from tests.maps.builders import road
from tests.people import person

pytestmark = pytest.mark.django_db(transaction=True)
TILE = "/tiles/city.roads/14/13564/7043.mvt"
ATTACKS = (
    "/ogc/collections/x%00y",
    "/ogc/collections/x%00y/items",
    "/tiles/x%00y/1/0/0.mvt",
    "/tiles/x%00y.json",
)
MARKED = 29
PATIENCE = 15.0


def found_of(mark: str, count: int) -> list[str]:
    """The ids of the marked requests in the log, each as often as it is there."""
    until = time.monotonic() + PATIENCE
    while True:
        rows = AccessEntry.objects.filter(request_id__startswith=mark)
        found = sorted(rows.values_list("request_id", flat=True))
        if len(found) >= count or time.monotonic() > until:
            return found
        time.sleep(0.1)


def test_names_with_a_null_sign_take_no_entry_from_the_log(web: Web) -> None:
    road()
    bo = person("bo", roles=["city-viewer"])
    mark, headers = uuid.uuid4().hex[:20], {"Cookie": cookies(bo), "Accept-Language": "en"}
    with httpx.Client(base_url=f"http://127.0.0.1:{web.port}", headers=headers, timeout=60) as client:
        assert client.get(TILE).status_code == 200  # from now on the short way serves them
        for _round in range(3):
            for path in ATTACKS:
                assert client.get(path).status_code in {400, 404}
        with web.live(bo) as socket:
            for name in ("\x00", "city.roads\x00", "x" * 70 + "\x00"):
                say(socket, subscribe=[name])
                assert hear(socket, "refused", "error")
        marks = [f"{mark}-{number:02}" for number in range(MARKED)]
        for one in marks:
            assert client.get(TILE, headers={"X-Request-ID": one}).status_code == 200
        assert found_of(mark, MARKED) == marks
        time.sleep(1.0)  # five more rounds of the writer
        assert found_of(mark, MARKED) == marks
        assert client.get("/readyz").status_code == 200
