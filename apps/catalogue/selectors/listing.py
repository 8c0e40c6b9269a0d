"""Lists for pages: entries found, assessments, consumers, programs with their use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.accounts.data import Viewer
from apps.catalogue.data import RequestState
from apps.catalogue.models import (
    AccessRequest,
    ApiClient,
    CalendarDay,
    Correction,
    Dataset,
    ImpactAssessment,
    RequestEvent,
)
from apps.catalogue.selectors.entries import datasets_listed

USE_DAYS = 30


def entries_found(viewer: Viewer, wanted: Mapping[str, str]) -> QuerySet[Dataset]:
    """The entries that fit what is asked for: ``q`` in names and abstract, domain, sharing, state."""
    rows = datasets_listed(viewer)
    for name in ("domain", "sharing", "state"):
        if wanted.get(name):
            rows = rows.filter(**{name: wanted[name]})
    text = wanted.get("q", "").strip()
    if text:
        named = Q(name_zh__icontains=text) | Q(name_en__icontains=text) | Q(code__icontains=text)
        rows = rows.filter(named | Q(abstract__icontains=text))
    return rows.order_by("domain", "kind", "code")


def assessments_of(dataset: Dataset) -> QuerySet[ImpactAssessment]:
    """The impact assessments of an entry, the newest first."""
    return dataset.assessments.select_related("made_by", "approved_by")


def assessments_waiting(domains: Sequence[str]) -> QuerySet[ImpactAssessment]:
    """Impact assessments of entries of these domains that nobody has approved."""
    return ImpactAssessment.objects.filter(approved_at=None, dataset__domain__in=domains)


def consumers_of(dataset: Dataset) -> QuerySet[AccessRequest]:
    """Who has the data of an entry now."""
    rows = AccessRequest.objects.filter(dataset=dataset, state=RequestState.APPROVED)
    return rows.select_related("applicant__department", "client")


def events_of(request: AccessRequest) -> QuerySet[RequestEvent]:
    """The steps of a request in their order."""
    return request.events.select_related("by")


def clients_of(viewer: Viewer) -> QuerySet[ApiClient]:
    """The viewer's own programs."""
    return ApiClient.objects.filter(owner=viewer.user_id).select_related("application")


def use_of(client: ApiClient) -> list[dict[str, Any]]:
    """Requests, rows and errors by day, the newest first, of the last thirty days."""
    since = timezone.localdate() - timedelta(days=USE_DAYS)
    return [
        {"day": row.day, "requests": row.requests, "rows": row.rows, "errors": row.errors}
        for row in client.use.filter(day__gt=since)
    ]


def calendar_days(year: int) -> QuerySet[CalendarDay]:
    """The days of a year that the calendar knows."""
    return CalendarDay.objects.filter(day__year=year)


def corrections_waiting(viewer: Viewer) -> QuerySet[Correction]:
    """Reported errors that the viewer answers or has reported."""
    own = Q(reported_by=viewer.user_id) | Q(dataset__domain__in=viewer.domains)
    return Correction.objects.filter(own).select_related("dataset")
