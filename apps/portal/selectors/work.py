"""What waits for the viewer: jobs, drafts, quarantined uploads."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from apps.accounts.data import Capability, Viewer
from apps.portal.selectors.rows import plain

PLAN = ("scheduling.Plan", "scheduling.PlanRoute", "scheduling.PlanStop", "core.Job")
OPEN = ("queued", "running")


def jobs_visible(viewer: Viewer) -> QuerySet[Any]:
    """Jobs of the viewer's domains, newest first."""
    return plain(viewer, "core.Job").order_by("-created_at")


def jobs_open(viewer: Viewer) -> QuerySet[Any]:
    """Jobs that wait or run."""
    return jobs_visible(viewer).filter(state__in=OPEN)


def jobs_failed(viewer: Viewer) -> QuerySet[Any]:
    """The viewer's own failed jobs."""
    return jobs_visible(viewer).filter(state="failed", owner_id=viewer.user_id)


def plans_visible(viewer: Viewer) -> QuerySet[Any]:
    """Plan versions, newest first."""
    return plain(viewer, *PLAN).order_by("-created_at")


def drafts_waiting(viewer: Viewer) -> QuerySet[Any]:
    """Solved and checked plans in domains where the viewer may publish."""
    domains = [domain for domain, held in viewer.rights if held is Capability.PUBLISH]
    return plans_visible(viewer).filter(domain__in=domains, state="checked")


def uploads_visible(viewer: Viewer) -> QuerySet[Any]:
    """Uploaded files, newest first."""
    return plain(viewer, "sensing.Upload", "core.Job").select_related("job").order_by("-created_at")


def uploads_quarantined(viewer: Viewer) -> QuerySet[Any]:
    """Uploads of domains where the viewer may upload, with rows in quarantine."""
    domains = [domain for domain, held in viewer.rights if held is Capability.UPLOAD]
    kept = Q(quarantined__gt=0) | Q(conflict__gt=0)
    return uploads_visible(viewer).filter(kept, domain__in=domains)
