"""The things of the demonstration city have their places in SensorThings."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.utils.module_loading import import_string

from apps.core.domains import domain_get
from apps.sensing.models import Location, Thing

pytestmark = pytest.mark.django_db


def test_every_thing_on_a_map_layer_is_placed_once() -> None:
    call_command("seed_people")
    import_string(domain_get("school").seed)()
    for _each in range(2):
        call_command("place_things")
    placed = Thing.objects.filter(domain="school", locations__isnull=False)
    assert Location.objects.filter(domain="school").count() == placed.distinct().count() > 0
