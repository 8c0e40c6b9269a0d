"""An attacker who guesses masked values with every parameter there is learns nothing.

Each question is asked in two worlds of one database that differ only in values which the attacker does not
see clear; the guess is true in the first and false in the second. Every byte of every answer must be equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import models
from django.test import Client
from django.urls import reverse
from rest_framework.throttling import UserRateThrottle

from apps.accounts.data import Viewer, acting_as
from apps.accounts.selectors import viewer_for
from apps.core.domains import all_domains, layers_by_id
from apps.core.grades import Grade
from tests.exits.planting import plant_all
from tests.exits.routes import patterns
from tests.hostile import worlds
from tests.people import person
from tests.subjects import builders

pytestmark = pytest.mark.django_db
LOOKUPS = ("", "__startswith", "__gt")
PORTAL = ("", "?o={number}", "?q={guess}", "?all=&_facets=True&{name}__regex={guess}")
REST = ("", "?ordering=-{name}", "?search={guess}", "?fields={name}", "?$filter={name} eq '{guess}'")
Planted = dict[type[models.Model], models.Model]
Twins = list[tuple[models.Model, dict[str, Any]]]


def attacker() -> tuple[Client, Viewer]:
    """Somebody who may look into every domain with the lowest clearance of a civil servant."""
    user = person("attacker", roles=[f"{domain.slug}-viewer" for domain in all_domains()], clearance=Grade.L2)
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="apps.accounts.backends.SealedBackend")
    return client, viewer_for(user)


def twins(viewer: Viewer, planted: Planted) -> Twins:
    """Every planted row of a domain with other values for what the attacker does not see clear."""
    slugs = {domain.slug for domain in all_domains()}
    found = []
    for model, row in planted.items():
        if model._meta.app_label in slugs:
            pairs = worlds.secrets(viewer, model).items()
            values = {name: worlds.twin(getattr(row, name), decision) for name, decision in pairs}
            found.append((row, {name: new for name, new in values.items() if new != getattr(row, name)}))
    return [(row, values) for row, values in found if values]


def lists_of(model: type[models.Model]) -> list[str]:
    """The REST list and the portal's list of a model."""
    urls = [reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")]
    for route, pattern in patterns():
        viewset = getattr(pattern.callback, "cls", None)
        queryset = getattr(viewset, "queryset", None)
        if route.startswith("api/v1/") and route.endswith("/$") and "(" not in route and queryset is not None:
            urls += ["/" + route.rstrip("$").replace("^", "")] if queryset.model is model else []
    return urls


def paths_from(model: type[models.Model], other: type[models.Model]) -> list[str]:
    """Lookups that lead from one model to another: ``patient``, ``ward__hospital``, ``encounters``."""
    names = [item.name for item in model._meta.get_fields() if item.related_model is other]
    return [str(name) for name in names]


def questions(changed: Twins) -> Iterator[str]:
    """Every guess at every list."""
    for row, values in changed:
        for number, (name, _new) in enumerate(values.items(), start=1):
            guess = quote(str(getattr(row, name))[:60])
            for url in lists_of(type(row)):
                yield from (url + f"?{name}{lookup}={guess}" for lookup in LOOKUPS)
                forms = PORTAL if url.startswith("/portal/") else REST
                yield from (url + form.format(name=name, guess=guess, number=number) for form in forms)
            yield from _from_afar(row, name, guess)
            yield "/portal/search/?s=" + guess


def _from_afar(row: models.Model, name: str, guess: str) -> Iterator[str]:
    for other in apps.get_app_config(row._meta.app_label).get_models():
        for path in paths_from(other, type(row)):
            yield from (f"{url}?{path}__{name}__startswith={guess}" for url in lists_of(other))
            field = path
            yield (
                f"/portal/autocomplete/?app_label={other._meta.app_label}&model_name={other._meta.model_name}"
                f"&field_name={field}&term={guess}"
            )


def map_questions(changed: Twins) -> Iterator[str]:
    """The same at the map's doors: tiles, features, filters, bounding boxes that close in on a place."""
    labels = {row._meta.label: (row, values) for row, values in changed}
    for layer, (_domain, declared) in layers_by_id().items():
        yield f"/tiles/{layer}/14/13564/7043.mvt"
        if declared.model not in labels:
            continue
        row, values = labels[declared.model]
        for name in values:
            guess = quote(str(getattr(row, name))[:60])
            yield from (f"/ogc/collections/{layer}/items?{name}{end}={guess}" for end in ("", "__startswith"))
            yield f"/ogc/collections/{layer}/items?filter={name}='{guess}'&sortby={name}"
            yield f"/api/v1/maps/features/{layer}/?{name}={guess}"
        place = getattr(row, "geometry", None)
        for half in (0.02, 0.004, 0.0006):
            box = ",".join(f"{part:.5f}" for part in (*_corner(place, -half), *_corner(place, half)))
            yield from (
                f"/ogc/collections/{layer}/items?bbox={box}",
                f"/api/v1/maps/features/{layer}/?bbox={box}",
            )
            yield from (f"{url}?bbox={box}" for url in lists_of(type(row)))


def _corner(place: Any, half: float) -> tuple[float, float]:
    centre = place.centroid
    return centre.x + half, centre.y + half


def test_the_order_of_a_list_does_not_tell_what_it_is_ordered_by() -> None:
    client, _viewer = attacker()
    first, second = builders.patient(pseudonym="P1"), builders.patient(pseudonym="P2", id_number="", phone="")
    urls = lists_of(type(first))
    before = [worlds.answer(client, url) for url in urls]
    type(first).objects.filter(pk=first.pk).update(pseudonym="P3")
    assert [worlds.answer(client, url) for url in urls] == before
    assert second.pk > first.pk


def test_no_parameter_of_any_list_is_an_oracle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(UserRateThrottle, "get_rate", lambda _throttle: None)  # an attacker with time
    client, viewer = attacker()
    with acting_as(worlds.SYSTEM):
        changed = twins(viewer, plant_all())
    assert sum(len(values) for _row, values in changed) > 20  # the guesses are about something
    asked = list(dict.fromkeys([*questions(changed), *map_questions(changed)]))
    cache.clear()
    before = {path: worlds.answer(client, path) for path in asked}
    worlds.change(changed)
    cache.clear()
    told = [path for path, known in before.items() if worlds.answer(client, path) != known]
    broken = [path for path, (status, _body, _headers) in before.items() if status >= 500]
    assert not told, f"{len(told)} of {len(asked)} questions tell the worlds apart:\n" + "\n".join(told[:40])
    assert not broken, "\n".join(broken[:20])
