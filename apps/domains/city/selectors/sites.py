"""Which sites want a visit."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import DurationField, ExpressionWrapper, F, QuerySet
from django.db.models.functions import Coalesce

from apps.core.errors import ProblemError
from apps.core.sentences import sentence as _
from apps.domains.city.models import InspectionSite, SiteCategory

A_DAY = timedelta(days=1)


def depot_get() -> InspectionSite:
    """Where every round begins and ends."""
    depot = InspectionSite.objects.filter(category=SiteCategory.DEPOT).first()
    if depot is None:
        raise ProblemError(_("No site is a depot: rounds need a place to begin."), "sites", 409)
    return depot


def sites_due(*, by: datetime) -> QuerySet[InspectionSite]:
    """Sites whose next visit is due by then, the urgent and the longest overdue first."""
    rhythm = ExpressionWrapper(F("interval_days") * A_DAY, output_field=DurationField())
    never = by - 365 * A_DAY
    found = InspectionSite.objects.exclude(category=SiteCategory.DEPOT)
    found = found.annotate(due_at=Coalesce("last_inspected_at", never) + rhythm)
    return found.filter(due_at__lte=by).order_by("-priority", "due_at", "code")
