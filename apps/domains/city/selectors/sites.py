"""Which sites want a visit."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import DurationField, ExpressionWrapper, F, QuerySet
from django.db.models.functions import Coalesce

from apps.accounts.data import Viewer
from apps.core.errors import ProblemError
from apps.core.sentences import sentence as _
from apps.domains.city.models import InspectionSite, SiteCategory
from apps.privacy.services import visible_rows

A_DAY = timedelta(days=1)


def depot_get(code: str = "", *, viewer: Viewer) -> InspectionSite:
    """Where every round begins and ends: the site with this code, or the first depot that the viewer sees."""
    found = InspectionSite.objects.filter(code=code) if code else _depots()
    depot = visible_rows(viewer, found).first()
    if depot is None and code:
        raise ProblemError(_("The place to start from is gone; choose another one."), "start", 409)
    if depot is None:
        raise ProblemError(_("No site is a depot: choose where the rounds start."), "start", 409)
    return depot


def _depots() -> QuerySet[InspectionSite]:
    return InspectionSite.objects.filter(category=SiteCategory.DEPOT)


def sites_due(*, by: datetime, viewer: Viewer) -> QuerySet[InspectionSite]:
    """Sites of the viewer whose next visit is due by then, the urgent and the longest overdue first."""
    rhythm = ExpressionWrapper(F("interval_days") * A_DAY, output_field=DurationField())
    never = by - 365 * A_DAY
    found = visible_rows(viewer, InspectionSite.objects.exclude(category=SiteCategory.DEPOT))
    found = found.annotate(due_at=Coalesce("last_inspected_at", never) + rhythm)
    return found.filter(due_at__lte=by).order_by("-priority", "due_at", "code")
