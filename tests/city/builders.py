"""Small cities and small files."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.contrib.gis.geos import LineString, Point

from apps.accounts.data import Capability, Viewer
from apps.core.grades import Grade
from apps.domains.city.models import InspectionSite, RequestState, RoadSegment, ServiceRequest
from apps.domains.city.services.importing import SeriesSource
from apps.domains.city.services.importing.tables import Clock
from tests.people import department

EVERYBODY = Viewer(clearance=Grade.L2, rights=frozenset({("city", Capability.VIEW)}))  # of the whole city
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # a Monday, twelve o'clock in Haicheng
WIDE = "a,b,c\n30,40,50\n31,41,\n32,42,52\n"
PLACES = "sensor_id,latitude,longitude\na,34.1,-118.3\nb,34.1,-118.2\nc,34.2,-118.3\n"
TIES = "1,0.5,0\n0.5,1,0.2\n0,0.2,1\n"


def service_request(number: str = "T-1", *, state: RequestState = RequestState.RECEIVED) -> ServiceRequest:
    return ServiceRequest.objects.create(
        number=number,
        text="中山路有一个大坑，王秀英女士昨晚差点摔倒，电话10012345678。",
        address="海澄市中山东路88号",
        department=None if state == RequestState.RECEIVED else department(),
        state=state,
        received_at=NOON,
        deadline=NOON + timedelta(days=1),
        reporter_name="王小明",
        reporter_phone="10012345678",
        reporter_id_number="359900199001010017",
        geometry=Point(118.0512, 24.4567, srid=4326),
    )


def street_grid(size: int = 4) -> None:
    """``size`` x ``size`` crossings, about 100 m apart, all streets at 36 km/h or 10 m/s when empty."""
    step = 0.001
    for x in range(size):
        for y in range(size):
            here = (118 + x * step, 24 + y * step)
            for dx, dy in ((1, 0), (0, 1)):
                if x + dx < size and y + dy < size:
                    there = (here[0] + dx * step, here[1] + dy * step)
                    RoadSegment.objects.create(
                        code=f"G{x}{y}{dx}",
                        name="grid",
                        road_class="local",
                        speed_limit=45,
                        length=100,
                        geometry=LineString(here, there, srid=4326),
                    )


def site(code: str, x: float, y: float, *, category: str = "park", days_ago: float = 30) -> InspectionSite:
    return InspectionSite.objects.create(
        code=code,
        name=code,
        category=category,
        service_minutes=10,
        opens=time(8),
        closes=time(18),
        last_inspected_at=NOON - timedelta(days=days_ago),
        geometry=Point(118 + x * 0.001, 24 + y * 0.001, srid=4326),
    )


def source(
    folder: Path, *, series: str = WIDE, places: str = PLACES, ties: str = TIES, unit: str = "km/h"
) -> SeriesSource:
    """The files of a tiny city, written to ``folder``."""
    for name, content in (("series.csv", series), ("places.csv", places), ("ties.csv", ties)):
        (folder / name).write_text(content, encoding="utf-8")
    return SeriesSource(
        file=folder / "series.csv",
        locations=folder / "places.csv",
        adjacency=folder / "ties.csv",
        clock=Clock(
            ZoneInfo("America/Los_Angeles"), datetime(2012, 3, 1, tzinfo=ZoneInfo("America/Los_Angeles")), 300
        ),
        unit=unit,
        prefix="T-",
    )
