"""Stays, budgets and askers for the tests of differential privacy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.gis.geos import Point
from django.utils import timezone

from apps.accounts.data import Viewer
from apps.accounts.models import User
from apps.accounts.selectors import viewer_for
from apps.domains.hospital.models import Encounter, Hospital, Patient, Ward
from apps.privacy.models import DatasetBudget
from apps.privacy.selectors.statistics import MILLION
from apps.privacy.services.budgets import BudgetWish, budget_decide
from apps.privacy.services.questions import Asked
from tests.people import person

ENCOUNTERS = "hospital.encounters"
FIRST = datetime(2026, 3, 2, 9, tzinfo=timezone.get_default_timezone())


def asked(**changes: Any) -> Asked:
    """How many stays began in March."""
    usual = {"dataset": ENCOUNTERS, "measure": "count", "epsilon": Decimal("0.1")}
    period = {"since": date(2026, 3, 1), "until": date(2026, 4, 1)}
    return Asked(**{**usual, **period, **changes})


def ward(code: str = "W1") -> Ward:
    """A ward of the one hospital."""
    place = {"name": "Hospital", "division": "359901", "geometry": Point(118, 24, srid=4326)}
    hospital, _new = Hospital.objects.get_or_create(code="H1", defaults=place)
    return Ward.objects.get_or_create(
        code=code, defaults={"name": code, "hospital": hospital, "specialty": "Medicine"}
    )[0]


def stays(hours: Sequence[Sequence[float]], *, kind: str = "inpatient", code: str = "W1") -> None:
    """One patient for each list, with one stay for each of its hours."""
    place = ward(code)
    for own in hours:
        patient = Patient.objects.create(
            hospital=place.hospital, pseudonym=f"p{Patient.objects.count()}", name="Nobody"
        )
        for number, length in enumerate(own):
            begin = FIRST + timedelta(hours=number)
            end = begin + timedelta(hours=length)
            Encounter.objects.create(patient=patient, ward=place, kind=kind, arrived_at=begin, left_at=end)


def budgets(*, city: float = 100, dataset: float = 10, share: float = 10) -> None:
    """Budgets for the city and the encounters, in epsilon."""
    for name, limit in (("", city), (ENCOUNTERS, dataset)):
        wish = BudgetWish(name, round(limit * MILLION), "Test", share=round(share * MILLION))
        budget_decide(wish, viewer=None)


def analyst(name: str = "analyst") -> tuple[User, Viewer]:
    """Somebody who may ask."""
    user = person(name, roles=["hospital-analyst"])
    return user, viewer_for(user, strong=True)


def spent() -> dict[str, int]:
    """What was spent of each budget, in millionths."""
    return dict(DatasetBudget.objects.values_list("dataset", "spent"))
