"""A small catalogue: entries of the registry, complete enough to be published, and the people around them."""

from __future__ import annotations

from typing import Any

from apps.accounts.data import Viewer
from apps.accounts.models import User
from apps.accounts.selectors import viewer_for
from apps.catalogue.data import DatasetState
from apps.catalogue.models import Dataset
from apps.catalogue.selectors.entries import NOTICE_PARTS
from apps.catalogue.services.days import calendar_seed
from apps.catalogue.services.syncing import catalogue_sync
from apps.core.domains import all_domains
from apps.core.grades import Grade
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
    calendar_seed()


def entry(code: str = "city.RoadSegment", *, state: DatasetState = DatasetState.PUBLISHED) -> Dataset:
    """One entry with everything that publication needs but an assessment."""
    if not Dataset.objects.exists():
        catalogue()
    Dataset.objects.filter(code=code).update(**WHOLE, state=state)
    return Dataset.objects.get(code=code)


def viewer(name: str, *roles: str, clearance: Grade = Grade.L2) -> Viewer:
    """The rights of a new person with these roles."""
    return viewer_for(person(name, roles=roles, clearance=clearance))


def bureau(name: str = "bureau") -> Viewer:
    """An approver of the data bureau."""
    user = person(name, roles=["city-approver"])
    User.objects.filter(pk=user.pk).update(department=department("data"))
    return viewer_for(User.objects.get(pk=user.pk))
