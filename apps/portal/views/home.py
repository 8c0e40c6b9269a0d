"""The home page: my work, and nothing else."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from apps.portal.menu import learns_here, runs_jobs
from apps.portal.selectors.drills import drill_newest_shown
from apps.portal.selectors.learning import track_records
from apps.portal.selectors.streams import stream_lines, streams_broken, streams_visible
from apps.portal.selectors.waiting import waiting_lines
from apps.portal.selectors.work import jobs_failed, jobs_open, uploads_quarantined
from apps.privacy.services.rest import request_viewer

FEW = 8


def home_context(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What waits for the viewer; administrators have no business data and are told where their work is."""
    viewer = request_viewer(request)
    waiting = waiting_lines(viewer)
    context = {
        **context,
        "viewer": viewer,
        "drill": drill_newest_shown(viewer),
        "waiting": waiting[:FEW],
        "waiting_count": len(waiting),
    }
    if viewer.office is not None or not viewer.domains:
        return context
    broken, open_jobs = streams_broken(viewer), jobs_open(viewer)
    return {
        **context,
        "runs_jobs": runs_jobs(viewer),
        "learns_here": learns_here(viewer),
        "open_jobs": open_jobs[:FEW],
        "open_job_count": open_jobs.count(),
        "failed_jobs": jobs_failed(viewer)[:FEW],
        "broken": stream_lines(viewer, broken[:FEW]),
        "broken_count": broken.count(),
        "stream_count": streams_visible(viewer).count(),
        "quarantined": uploads_quarantined(viewer)[:FEW],
        "tracks": track_records(viewer),
    }
