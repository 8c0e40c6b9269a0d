"""Places of things that a domain knows by its own tables, so that SensorThings shows them on a map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils import timezone

from apps.sensing.models import HistoricalLocation, Location, Thing

BATCH = 1000


@transaction.atomic
def things_place(things: Iterable[Thing], *, geometries: Mapping[str, GEOSGeometry]) -> int:
    """Give each thing without a place the geometry (WGS 84) of its code; returns how many. Safe to repeat."""
    wanted = {thing.pk: thing for thing in things if thing.code in geometries}
    links = Location.things.through.objects.filter(thing__in=wanted)
    placed = set(links.values_list("thing_id", flat=True))
    bare = [thing for key, thing in wanted.items() if key not in placed]
    places = Location.objects.bulk_create(
        [
            Location(
                domain=thing.domain,
                division=thing.division,
                name=thing.name,
                geometry=geometries[thing.code],
            )
            for thing in bare
        ],
        batch_size=BATCH,
    )
    pairs = list(zip(bare, places, strict=True))
    now, link = timezone.now(), Location.things.through
    link.objects.bulk_create([link(thing=thing, location=place) for thing, place in pairs], batch_size=BATCH)
    pasts = HistoricalLocation.objects.bulk_create(
        [HistoricalLocation(thing=thing, time=now) for thing in bare], batch_size=BATCH
    )
    past_link = HistoricalLocation.locations.through
    past_link.objects.bulk_create(
        [
            past_link(historicallocation=past, location=place)
            for past, place in zip(pasts, places, strict=True)
        ],
        batch_size=BATCH,
    )
    return len(bare)
