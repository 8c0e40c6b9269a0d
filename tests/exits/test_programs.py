"""Keys and tokens over every address: what no scope names is neither shown nor changed.

The table is made from the URL map of the running system, so an address that is new tomorrow is in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.contrib.gis.geos import Point
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from apps.accounts.data import PEOPLE_ONLY, Limit, write_scope
from apps.accounts.models import User
from apps.accounts.services.programs import ProgramPermission
from apps.accounts.services.scopes import write_scopes
from apps.audit.models import Change
from apps.catalogue.selectors.tokens import token_facts
from apps.core.domains import all_domains, domain_get, layers_by_id
from apps.core.grades import Grade
from apps.domains.city.models import AirStation
from apps.live.selectors import layer_class
from apps.privacy.services.kernel import all_grades
from apps.sensing.models import Datastream
from apps.sensing.services.registering import ThingFacts, datastreams_register, things_register
from tests.catalogue.builders import viewer
from tests.exits.keyring import CHANGING, with_key, with_token
from tests.exits.planting import WORD, canaries, plant_all
from tests.exits.routes import address, is_walked, patterns
from tests.exits.test_every_exit import addresses, arguments, body
from tests.maps.builders import latest
from tests.people import CAPABILITIES, department, person

pytestmark = pytest.mark.django_db
REST = "api/v1/"
FOR_PROGRAMS = ("/api/v1/", "/ogc/", "/tiles/", "/sta/")  # every other page knows sessions only
BAD = 400
ROUNDS = 400  # requests after which the throttle of a minute is forgotten


def everything(name: str = "owner") -> User:
    """Somebody who holds every role of every domain."""
    slugs = [domain.slug for domain in all_domains()]
    return person(name, roles=[f"{slug}-{kind}" for slug in slugs for kind in CAPABILITIES])


def rest_addresses() -> list[str]:
    """Every address of the REST API, whatever its methods."""
    routes = dict.fromkeys(route for route, _pattern in patterns() if route.startswith(REST))
    return list(dict.fromkeys(address(r, a) for r in routes for a in arguments({}, r) if is_walked(r)))


def open_addresses() -> list[str]:
    """Every address where a key or token is looked at, with arguments that hit the planted rows."""
    return [path for path in addresses() if path.startswith(FOR_PROGRAMS)]


def unthrottled(paths: list[str]) -> Iterator[str]:
    """The paths; now and then the throttle begins anew."""
    for number, path in enumerate(paths):
        if number % ROUNDS == 0:
            cache.clear()
        yield path


def shown(client: Client, paths: list[str]) -> Iterator[tuple[str, str, str]]:
    """``(path, label, domain)`` of every canary that the client reads."""
    words = canaries()
    for path in unthrottled(paths):
        status, found = body(client, path)
        assert status < 500, path
        for word in set(WORD.findall(found)):
            label, domain = words.get(word.decode(), ("", ""))
            if label:
                yield path, label, domain


def test_a_key_reads_its_own_domain_only_and_nothing_above_its_clearance() -> None:
    paths, owner, grades, seen = open_addresses(), everything(), all_grades(), 0
    for domain in all_domains():
        for path, label, of in shown(with_key(owner, "read", domain=domain.slug), paths):
            seen += 1
            assert of in {"", domain.slug}, f"the key of {domain.slug} reads {label} of {of} at {path}"
            assert grades[label].grade <= Grade.L2, f"{label} at {path}"
    assert seen


def test_a_key_that_only_reads_changes_nothing_at_any_address() -> None:
    paths, owner = [path.partition("?")[0] for path in open_addresses()], everything()
    client, before, faults = with_key(owner, "read", domain="city"), Change.objects.count(), list[str]()
    for path in dict.fromkeys([*paths, *rest_addresses()]):
        cache.clear()
        for method in CHANGING:
            answer = client.generic(method, path, b"{}", content_type="application/json")
            if answer.status_code < BAD:
                faults.append(f"{method} {path} {answer.status_code}")
    assert not faults, "\n".join(faults)
    assert not Change.objects.filter(user_id=owner.pk).exists()
    assert Change.objects.count() == before


def test_a_write_scope_opens_the_thing_that_it_names_and_no_other() -> None:
    plant_all()
    owner, paths = everything(), rest_addresses()
    scopes = sorted(write_scopes() & {write_scope(path) for path in paths})
    assert len(scopes) >= 20
    for scope in scopes:
        others = with_key(owner, "read", *(one for one in scopes if one != scope), domain="city")
        its_own = with_key(owner, "read", scope, domain="city")
        for path in unthrottled([one for one in paths if write_scope(one) == scope]):
            refused = others.post(path, b"[]", content_type="application/json")
            assert refused.status_code in {403, 405}, f"{path} {refused.status_code}"
            taken = its_own.post(path, b"[]", content_type="application/json")
            assert "lacks the scope" not in taken.content.decode(), path
            assert taken.status_code < 500, path


def test_what_is_about_rights_and_people_is_never_written_with_a_key() -> None:
    owner, paths = everything(), rest_addresses()
    closed = [path for path in paths if path.split("/")[3] in PEOPLE_ONLY]
    client = with_key(owner, "read", *sorted(write_scopes()), domain="city")
    for path in unthrottled(closed):
        for method in CHANGING:
            answer = client.generic(method, path, b"{}", content_type="application/json")
            assert answer.status_code in {403, 405}, f"{method} {path} {answer.status_code}"
    assert len(closed) > 40


def test_every_rest_view_asks_what_is_open_to_programs() -> None:
    views = [
        getattr(pattern.callback, "cls", None) for route, pattern in patterns() if route.startswith(REST)
    ]
    assert all(view is not None and ProgramPermission in view.permission_classes for view in views)
    assert len(views) > 150


@pytest.mark.parametrize(
    ("code", "fields", "allowed"),
    [
        ("city.RoadSegment", ["name"], {"city.RoadSegment"}),
        ("hospital.Ward", ["name"], {"hospital.Ward"}),
        ("city.stream.pm25", ["result"], {"sensing.Datastream", "sensing.LatestValue"}),
        ("city.layer.air", ["name"], {"city.AirStation", "sensing.LatestValue"}),
    ],
)
def test_a_token_reads_at_every_address_what_its_scope_names_and_changes_nothing(
    code: str, fields: list[str], allowed: set[str]
) -> None:
    paths = open_addresses()
    slug = code.partition(".")[0]
    owner = viewer("owner", *(f"{domain.slug}-operator" for domain in all_domains()), f"{slug}-analyst")
    client = with_token(code, owner=owner, fields=fields)
    for path, label, _domain in shown(client, paths):
        assert label.rpartition(".")[0] in allowed, f"{label} at {path}"
    changes = Change.objects.filter(user_id=owner.user_id).count()
    for path in unthrottled(rest_addresses()):
        answer = client.post(path, b"{}", content_type="application/json")
        assert answer.status_code in {403, 404, 405}, f"{path} {answer.status_code}"
    assert Change.objects.filter(user_id=owner.user_id).count() == changes
    assert token_facts(f"token-of-{code}") is not None


HEARD, KEPT = 111.125, 222.375  # of the kind that was granted, and of one beside it


def station() -> None:
    """An air station whose two kinds of readings can be told from each other in any answer."""
    department(domain_get("city").owner)
    things = things_register(domain="city", things=[ThingFacts("A1", "A1", "")])
    streams = datastreams_register(domain="city", things=things, kinds=["pm25", "no2"])
    place = Point(118.05, 24.45, srid=4326)
    AirStation.objects.create(code="A1", name="A1", thing=things["A1"], geometry=place)
    for kind, value in (("pm25", HEARD), ("no2", KEPT)):
        latest(streams[f"city.A1.{kind}"], value, time=timezone.now())


@pytest.mark.parametrize(
    ("code", "field"),
    [("city.layer.air", "name"), ("city.AirStation", "name"), ("city.stream.pm25", "result")],
)
def test_a_token_reads_no_other_kind_of_readings_at_any_address(code: str, field: str) -> None:
    station()
    paths = [
        *(address(r, a) for r, _p in patterns() for a in arguments({}, r) if is_walked(r)),
        *(f"/api/v1/maps/features/city.air/{pk}/" for pk in AirStation.objects.values_list("pk", flat=True)),
        *(f"/ogc/collections/city.air/items/{pk}" for pk in AirStation.objects.values_list("pk", flat=True)),
        *(
            f"/api/v1/sensing/{name}/{pk}/"
            for pk in all_streams()
            for name in ("series", "buckets", "latest")
        ),
    ]
    owner = viewer("owner", "city-viewer")
    client, heard = with_token(code, owner=owner, fields=[field]), False
    for path in unthrottled([path for path in paths if path.startswith(FOR_PROGRAMS)]):
        status, found = body(client, path)
        assert status < 500, path
        assert str(KEPT).encode() not in found, path
        heard |= str(HEARD).encode() in found
    assert heard is (code != "city.AirStation")


def all_streams() -> list[int]:
    """The ids of both streams."""
    return list(Datastream.objects.values_list("pk", flat=True))


def test_a_token_follows_only_the_live_layers_whose_readings_it_was_granted() -> None:
    granted = frozenset({Limit("city.RoadSegment"), Limit("city.AirStation")})
    owner = viewer("owner", "city-viewer")
    pm25 = frozenset({Limit("sensing.LatestValue", kinds=frozenset({"pm25"}))})
    live = [layer_id for layer_id, (_domain, layer) in layers_by_id().items() if layer.live]
    assert {one for one in live if layer_class(one, replace(owner, limits=granted | pm25))} == {"city.air"}
    assert not [one for one in live if layer_class(one, replace(owner, limits=granted))]
    assert {"city.air", "city.roads"} <= {one for one in live if layer_class(one, owner)}
