"""A small catalogue: entries of the registry, complete enough to be published, and the people around them."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

from django.contrib.gis.geos import LineString
from django.utils import timezone

from apps.accounts.data import Viewer
from apps.accounts.models import User
from apps.accounts.selectors import viewer_for
from apps.catalogue.data import DatasetState
from apps.catalogue.models import AccessRequest, CalendarDay, Dataset
from apps.catalogue.selectors.entries import NOTICE_PARTS
from apps.catalogue.services.days import calendar_seed
from apps.catalogue.services.requests import request_submit
from apps.catalogue.services.syncing import catalogue_sync, entry_sync, shareable
from apps.core.domains import all_domains, domain_get
from apps.core.grades import Grade
from apps.domains.city.models import RoadSegment
from tests.people import department, person

NOTICE = dict.fromkeys(NOTICE_PARTS, "…")
WHOLE: dict[str, Any] = {
    "provider_code": "11359900000000001A",
    "abstract": "Roads of the city.",
    "update_cycle": "daily",
    "condition": "For the work of departments.",
    "legal_basis": "Decree 809, Art. 18",
    "notice": NOTICE,
    "notice_minor": NOTICE,
}


def catalogue() -> None:
    """Every entry of the registry, and the calendar."""
    for domain in all_domains():
        department(domain.owner)
    catalogue_sync()
    calendar_seed(plain=True)


def entry(code: str = "city.RoadSegment", *, state: DatasetState = DatasetState.PUBLISHED) -> Dataset:
    """One entry with everything that publication needs but an assessment."""
    if not Dataset.objects.filter(code=code).exists():
        domain = domain_get(code.partition(".")[0])
        department(domain.owner)
        entry_sync(domain, next(found for found in shareable(domain) if found.code == code))
        if not CalendarDay.objects.exists():
            rows = [CalendarDay(**row) for row in days_known()]
            CalendarDay.objects.bulk_create(rows, ignore_conflicts=True)
    Dataset.objects.filter(code=code).update(**WHOLE, state=state)
    return Dataset.objects.get(code=code)


@cache
def days_known() -> list[dict[str, Any]]:
    """The calendar of a demonstration, whatever day it is, worked out once."""
    calendar_seed(plain=True)
    return list(CalendarDay.objects.values("day", "working", "note"))


def viewer(name: str, *roles: str, clearance: Grade = Grade.L2) -> Viewer:
    """The rights of a new person with these roles, who has just confirmed that it is them."""
    return viewer_for(person(name, roles=roles, clearance=clearance), strong=True, confirmed=True)


def bureau(name: str = "bureau") -> Viewer:
    """An approver of the data bureau."""
    user = person(name, roles=["city-approver"])
    User.objects.filter(pk=user.pk).update(department=department("data"))
    return viewer_for(User.objects.get(pk=user.pk), strong=True, confirmed=True)


def asked(applicant: Viewer, dataset: Dataset, **values: Any) -> AccessRequest:
    """A request for the name of each record, for planning, for thirty days."""
    wish = {
        "fields": ["name"],
        "purpose": "planning",
        "purpose_text": "To plan the harvest roads.",
        "legal_basis": "Decree 809, Art. 20",
        "until": (timezone.localdate() + timedelta(days=30)).isoformat(),
    }
    return request_submit(dataset, values={**wish, **values}, viewer=applicant)


def road(code: str = "R1") -> RoadSegment:
    """One road of the city."""
    return RoadSegment.objects.create(
        code=code,
        name=f"Road {code}",
        road_class="local",
        speed_limit=50,
        length=900,
        division="359901",
        geometry=LineString((118.05, 24.45), (118.06, 24.46), srid=4326),
    )
