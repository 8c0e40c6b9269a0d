"""Timetables and live feeds of buses: the real archive of a city, faults in it, and delays by route."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from google.transit import gtfs_realtime_pb2

from apps.pulls.models import PullState, TransitRoute, TransitService, TransitStop, TransitTrip
from tests.pulls.builders import pulled, source, values
from tests.pulls.servers import Site
from tests.sensing.builders import school_streams
from tests.shared import shared_data

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]
TABLES = {
    "stops": "stop_id,stop_name,stop_lat,stop_lon,parent_station\nA,Alpha,24.4,118.0,\nB,Beta,24.5,118.1,A\n",
    "routes": "route_id,route_short_name,route_type,route_color\nT000,1,3,FF0000\n",
    "trips": "route_id,service_id,trip_id,shape_id,direction_id\nT000,W,t1,s,0\nT000,W,t2,,1\n",
    "stop_times": "trip_id,arrival_time,departure_time,stop_id\nt1,08:00:00,08:01:00,A\n"
    "t1,25:10:00,,B\nx,1:0:0,,A\n",
    "calendar": "service_id,monday,saturday,start_date,end_date\nW,1,1,20260101,20261231\n",
    "calendar_dates": "service_id,date,exception_type\nW,20260202,2\n",
    "shapes": "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\ns,24.5,118.1,2\ns,24.4,118.0,1\n",
}


def archive(**changes: str) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in (TABLES | changes).items():
            if content:
                packed.writestr(f"{name}.txt", "\ufeff" + content)
    return sink.getvalue()


def test_a_timetable_is_kept_and_replaced_as_a_whole(site: Site) -> None:
    site.pages["/gtfs"] = (200, {}, archive())
    found = source("gtfs", site.url("/gtfs"), {})
    for _turn in range(2):
        run = pulled(found)
        assert run.state == PullState.SUCCEEDED, run.message
    assert "1 stop times" in run.message
    route, trip = TransitRoute.objects.get(), TransitTrip.objects.get(code="t1")
    assert (route.trips, list(route.geometry.coords)) == (2, [(118.0, 24.4), (118.1, 24.5)])
    assert (trip.departure, trip.arrival, trip.direction) == (28_800, 90_600, 0)
    assert TransitService.objects.get().weekdays == "1000010"
    assert TransitService.objects.get().removed == ["2026-02-02"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"routes": ""}, "lacks routes.txt"),
        ({"trips": "route_id,service_id,trip_id\nT9,W,t1\n"}, "t1: route_id"),
        ({"trips": "route_id,service_id,trip_id\nT000,X,t1\n"}, "t1: service_id"),
        ({"trips": "route_id,service_id,trip_id\nT000,W,t1\nT000,W,t1\n"}, "t1: trip_id"),
        ({"stops": "stop_id,stop_lat,stop_lon\nA,95,118\n"}, "A: stop_lat"),
        ({"stops": "stop_id,stop_lat,stop_lon,parent_station\nA,9,118,Z\n"}, "A: parent_station"),
        ({"routes": "route_id,route_type\nT000,bus\n"}, "means of transport"),
        ({"calendar_dates": "service_id,date,exception_type\nW,2026,1\n"}, "no day"),
        ({"calendar": "service_id,start_date\nW,soon\n"}, "no day"),
    ],
)
def test_a_faulty_timetable_leaves_the_old_one(site: Site, changes: dict[str, str], words: str) -> None:
    found = source("gtfs", site.url("/gtfs"), {})
    site.pages["/gtfs"] = (200, {}, archive())
    pulled(found)
    site.pages["/gtfs"] = (200, {}, archive(**changes))
    run = pulled(found)
    assert run.state == PullState.FAILED
    assert words in run.message
    assert TransitTrip.objects.count() == 2


@pytest.mark.parametrize("content", [b"no archive", archive()[:300], b""])
def test_a_damaged_archive_is_told(site: Site, content: bytes) -> None:
    site.pages["/gtfs"] = (200, {}, content)
    assert "ZIP" in pulled(source("gtfs", site.url("/gtfs"), {})).message


def test_the_timetable_of_a_real_city_is_read(site: Site) -> None:
    site.pages["/gtfs"] = (200, {}, shared_data("gtfs/cairns_gtfs.zip").read_bytes())
    run = pulled(source("gtfs", site.url("/gtfs"), {}))
    assert run.state == PullState.SUCCEEDED, run.message
    assert (
        run.fetched
        == TransitStop.objects.count() + TransitRoute.objects.count() + TransitTrip.objects.count()
    )
    assert TransitRoute.objects.filter(geometry=None).count() == 0
    assert TransitTrip.objects.filter(departure=None).count() == 0


def feed(*, stamp: int = 1_790_000_000) -> Any:
    made = gtfs_realtime_pb2.FeedMessage()
    made.header.gtfs_realtime_version, made.header.timestamp = "2.0", stamp
    for number, (trip, route) in enumerate([("t1", ""), ("t9", "T000"), ("t8", "T001"), ("zz", "")]):
        vehicle = made.entity.add(id=f"v{number}").vehicle
        vehicle.trip.trip_id, vehicle.vehicle.id = trip, f"bus {number}"
        if route:
            vehicle.trip.route_id = route
    for number, delay in enumerate([60, 120]):
        update = made.entity.add(id=f"u{number}").trip_update
        update.trip.trip_id = f"t{number + 1}"
        update.stop_time_update.add().arrival.delay = delay
    return made


def test_live_vehicles_and_delays_become_numbers_of_routes(site: Site) -> None:
    school_streams(2)
    site.pages["/gtfs"] = (200, {}, archive())
    timetable = source("gtfs", site.url("/gtfs"), {})
    pulled(timetable)
    site.pages["/live"] = (200, {}, feed().SerializeToString())
    mapping = {"vehicles": "school.{route}.co2", "timetable": timetable.pk}
    run = pulled(source("gtfs_rt", site.url("/live"), mapping))
    assert (run.state, run.stored) == (PullState.SUCCEEDED, 2), run.message
    assert values() == [("school.T000.co2", 2.0), ("school.T001.co2", 1.0)]
    later = feed(stamp=1_790_000_060).SerializeToString()
    site.pages["/live"] = (200, {}, later)
    delays = {"delay": "school.{route}.co2", "timetable": timetable.pk}
    assert pulled(source("gtfs_rt", site.url("/live"), delays, name="d")).stored == 1
    assert values()[-1] == ("school.T000.co2", 90.0)


@pytest.mark.parametrize("body", [b"\xff\xff\xff", b"<html></html>", b""])
def test_what_is_no_feed_is_told(site: Site, body: bytes) -> None:
    site.pages["/live"] = (200, {}, body)
    run = pulled(source("gtfs_rt", site.url("/live"), {"delay": "x.{route}.y"}))
    assert run.state == PullState.FAILED
    assert "feed" in run.message


def test_a_delay_is_that_of_the_next_stop_and_times_alone_are_told(site: Site) -> None:
    school_streams(2)
    made, now = gtfs_realtime_pb2.FeedMessage(), 1_790_000_000
    made.header.gtfs_realtime_version, made.header.timestamp = "2.0", now
    for route, stops in (("T000", [(now - 60, 0), (now + 60, 600)]), ("T001", [(now + 60, None)])):
        update = made.entity.add(id=route).trip_update
        update.trip.trip_id, update.trip.route_id = route, route
        for at, delay in stops:
            arrival = update.stop_time_update.add().arrival
            arrival.time = at
            if delay is not None:
                arrival.delay = delay
    site.pages["/live"] = (200, {}, made.SerializeToString())
    run = pulled(source("gtfs_rt", site.url("/live"), {"delay": "school.{route}.co2"}))
    assert values() == [("school.T000.co2", 600.0)]
    assert "T001" in run.message


def test_a_route_whose_last_vehicle_has_left_has_none(site: Site) -> None:
    school_streams(2)
    found = source("gtfs_rt", site.url("/live"), {"vehicles": "school.{route}.co2"})
    for second, routes in enumerate((["T000", "T001"], ["T001"], ["T001"])):
        made = gtfs_realtime_pb2.FeedMessage()
        made.header.gtfs_realtime_version, made.header.timestamp = "2.0", 1_790_000_000 + second
        for route in routes:
            made.entity.add(id=route).vehicle.trip.route_id = route
        site.pages["/live"] = (200, {}, made.SerializeToString())
        pulled(found)
    counts = [value for key, value in values() if key == "school.T000.co2"]
    assert counts == [1.0, 0.0]
