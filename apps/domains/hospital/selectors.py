"""Rows of the hospital domain for the platform."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import DurationField, ExpressionWrapper, F, FloatField, QuerySet
from django.db.models.functions import Extract, ExtractHour, ExtractIsoWeekDay

from apps.domains.hospital.models import Encounter, Ward

HOUR = 3600.0


def encounter_rows(begin: datetime, end: datetime) -> QuerySet[Encounter]:
    """Encounters that began in the period, with hours of stay, hour and weekday of arrival."""
    stay = ExpressionWrapper(F("left_at") - F("arrived_at"), output_field=DurationField())
    return Encounter.objects.filter(arrived_at__gte=begin, arrived_at__lt=end).annotate(
        person=F("patient_id"),
        hours=ExpressionWrapper(Extract(stay, "epoch") / HOUR, output_field=FloatField()),
        hour=ExtractHour("arrived_at"),
        weekday=ExtractIsoWeekDay("arrived_at"),
    )


def ward_values() -> Sequence[tuple[str, str]]:
    """Every ward of the register with its hospital; the register is public, the patients are not in it."""
    rows = Ward.objects.order_by("code").values_list("code", "hospital__name", "name")
    return [(code, f"{hospital} · {name}") for code, hospital, name in rows]
