"""frost-sta-client as its users write it, against a live server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import frost_sta_client as fsc
import pytest
from geojson import Point

from apps.accounts.services.keys import api_key_create
from tests.people import department, person
from tests.sensing.sta import EVERYTHING

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:furl.pathstr is deprecated"),  # the client's own
]
MORNING = datetime(2026, 11, 3, 8, tzinfo=UTC)


@pytest.fixture
def service(live_server: Any) -> fsc.SensorThingsService:
    """The service with a key as the password."""
    department("education")
    user = person("operator", roles=["school-operator"])
    _key, text = api_key_create(user, name="frost", domain="school", scopes=EVERYTHING)
    auth = fsc.service.auth_handler.AuthHandler("key", text)
    return fsc.SensorThingsService(f"{live_server.url}/sta/v1.1", auth_handler=auth)


def station(service: fsc.SensorThingsService) -> fsc.Datastream:
    """A thing with a place, and a datastream with sensor and observed property."""
    place = fsc.Location(
        name="here",
        description="and there",
        location=Point((118.1, 24.5)),
        encoding_type="application/geo+json",
    )
    thing = fsc.Thing(name="Station", description="On the roof", properties={"floor": 3}, locations=[place])
    service.create(thing)
    sensor = fsc.Sensor(
        name="PT100", description="Probe", encoding_type="application/pdf", metadata="https://x.test/pt100"
    )
    measured = fsc.ObservedProperty(name="Temperature", definition="https://x.test/t", description="of air")
    unit = fsc.UnitOfMeasurement(name="degree Celsius", symbol="°C", definition="ucum:Cel")
    stream = fsc.Datastream(
        name="Temperature on the roof",
        description="ten minutes",
        observation_type="http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
        unit_of_measurement=unit,
        thing=thing,
        sensor=sensor,
        observed_property=measured,
    )
    service.create(stream)
    return stream


def test_the_client_creates_reads_pages_changes_and_deletes(service: fsc.SensorThingsService) -> None:
    stream = service.datastreams().find(station(service).id)
    for minute in range(25):
        reading = fsc.Observation(
            phenomenon_time=(MORNING + timedelta(minutes=minute)).isoformat(),
            result=minute,
            datastream=stream,
        )
        service.create(reading)
    assert isinstance(reading.id, str)  # "<datastream>-<microseconds>"
    assert service.observations().find(reading.id).result == 24

    listed = service.observations().query().count().top(10).orderby("phenomenonTime", "desc").list()
    assert listed.count == 25
    assert [row.result for row in listed] == list(range(24, -1, -1))

    text = "phenomenonTime gt 2026-11-03T08:20:00Z and Datastream/ObservedProperty/name eq 'Temperature'"
    assert [row.result for row in service.observations().query().filter(text).list()] == [21, 22, 23, 24]

    thing = next(
        iter(service.things().query().expand("Datastreams($expand=Observations($top=2)),Locations").list())
    )
    inner = thing.datastreams.entities[0]
    assert [row.result for row in inner.observations.entities] == [0, 1]
    assert thing.locations.entities[0].location["coordinates"] == [118.1, 24.5]
    assert [row.name for row in thing.get_datastreams().query().list()] == ["Temperature on the roof"]

    thing.description = "Moved"
    service.update(thing)
    assert service.things().find(thing.id).description == "Moved"
    service.patch(thing, [{"op": "replace", "path": "/name", "value": "Roof"}])
    assert service.things().find(thing.id).name == "Roof"
    service.delete(thing)
    assert list(service.things().query().list()) == []


def test_the_client_sends_data_arrays(service: fsc.SensorThingsService) -> None:
    array = fsc.model.ext.data_array_value.DataArrayValue()
    array.datastream = station(service)
    array.components = {array.Property.PHENOMENON_TIME, array.Property.RESULT}
    for minute in range(3):
        moment = (MORNING + timedelta(minutes=minute)).isoformat()
        array.add_observation(fsc.Observation(phenomenon_time=moment, result=minute))
    document = fsc.model.ext.data_array_document.DataArrayDocument()
    document.add_data_array_value(array)
    links = [item.self_link for item in service.observations().create(document)]
    assert len(links) == 3
    assert all("/Observations('" in link for link in links)
