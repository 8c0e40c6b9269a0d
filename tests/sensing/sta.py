"""A small world for SensorThings: two schools with sensors, places and readings, and a plant beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Point
from django.test import Client

from apps.accounts.models import User
from apps.accounts.services.keys import api_key_create
from apps.sensing.models import Datastream, FeatureOfInterest, HistoricalLocation, Location, Sensor
from apps.sensing.sensorthings.access import REST
from apps.sensing.services import datastreams_register, readings_store, things_register
from apps.sensing.services.registering import ThingFacts
from tests.people import department, person
from tests.sensing.builders import NOON, batch, school_streams

ROOT = "/sta/v1.1/"
CHANGING = tuple(f"write:sensing.{thing}" for thing in (*REST.values(), "corrections"))
EVERYTHING = ("read", "ingest", *CHANGING)


@dataclass
class World:
    """Streams of the schools, the stream of the plant, and a client that may read and write the schools."""

    streams: list[Datastream]
    plant: Datastream
    client: Client

    def get(self, path: str, **query: str) -> Any:
        """The body at a path; the status must be 200."""
        answer = self.client.get(ROOT + path, {f"${name}": text for name, text in query.items()})
        assert answer.status_code == 200, answer.content.decode()[:2000]
        return answer.json()

    def ids(self, path: str, **query: str) -> list[Any]:
        """The ids of a collection."""
        return [row["@iot.id"] for row in self.get(path, **query)["value"]]

    def refused(self, path: str, **query: str) -> tuple[int, Any]:
        """Status and body of an answer that is no success."""
        answer = self.client.get(ROOT + path, {f"${name}": text for name, text in query.items()})
        assert answer.headers["Content-Type"] == "application/problem+json", answer.content.decode()[:2000]
        return answer.status_code, answer.json()


def key_client(user: User, *, domain: str = "school", scopes: tuple[str, ...] = EVERYTHING) -> Client:
    """A client that shows an API key of the user."""
    _key, text = api_key_create(user, name="sta", domain=domain, scopes=scopes)
    return Client(headers={"authorization": f"Bearer {text}", "accept-language": "en"})


def described(stream: Datastream, *, longitude: float) -> None:
    """Give a stream a sensor, its thing a place and a past one, and the stream a feature of interest."""
    domain = stream.thing.domain
    point = Point(longitude, 24.5, srid=4326)
    stream.sensor = Sensor.objects.create(domain=domain, name=f"Probe {stream.pk}", metadata="https://x.test")
    facts = {"domain": domain, "name": f"Place {stream.pk}", "geometry": point}
    stream.feature = FeatureOfInterest.objects.create(**facts)
    stream.properties = {"floor": 3, "room": {"name": "Lab"}}
    stream.save()
    place = Location.objects.create(**facts)
    place.things.add(stream.thing)
    past = HistoricalLocation.objects.create(thing=stream.thing, time=NOON)
    past.locations.add(place)


def plant_stream() -> Datastream:
    """One datastream of the plant domain."""
    department("industry")
    things = things_register(domain="plant", things=[ThingFacts("P1", "Plant 1")], owner="industry")
    kind = "power"
    return next(iter(datastreams_register(domain="plant", things=things, kinds=[kind]).values()))


def world_make() -> World:
    """Everything, with five readings for each school stream and three for the plant."""
    streams, plant = school_streams(2), plant_stream()
    for index, stream in enumerate([*streams, plant]):
        described(stream, longitude=118 + index)
    for index, stream in enumerate(streams):
        readings_store(
            batch=batch([stream.pk] * 5, [0, 60, 120, 180, 240], [400 + index, 410, 420, 430, 440])
        )
    readings_store(batch=batch([plant.pk] * 3, [0, 60, 120], [1, 2, 3]))
    user = person("operator", roles=["school-operator"])
    return World(streams, plant, key_client(user))
