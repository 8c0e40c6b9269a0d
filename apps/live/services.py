"""Publishing news to the hubs, and what people wish of the jobs that they follow there."""

from __future__ import annotations

from typing import Any

import orjson
import redis
import structlog
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer
from apps.core.connections import redis_client
from apps.core.errors import ProblemError
from apps.core.jobs import job_wish
from apps.core.models import Job
from apps.core.sentences import packed
from apps.live.selectors import SPOKEN, job_may_stop

JOBS, ALARMS = "live.jobs", "live.alarms"
log = structlog.get_logger("live")


def job_ask(job: Job, *, wish: str, viewer: Viewer) -> Job:
    """Ask a job to stop (``cancel``, or ``take`` its best answer); ProblemError when the viewer may not."""
    if job.is_final:
        raise ProblemError(_("The job has ended; there is nothing to stop."), "state", 409, "ended")
    if not job_may_stop(viewer, job):
        detail = _("Only the job's owner or a role that could have started it may do this.")
        raise ProblemError(detail, "", 403, "role")
    return job_wish(job.pk, wish=wish)


def job_announce(body: dict[str, Any]) -> None:
    """Tell the hubs about a job; a Redis that is down costs the news, never the job."""
    stored = {name: packed(body[name]) for name in SPOKEN if name in body}
    _publish(JOBS, {**body, **stored})  # without a language: each hub says it in those of its clients


def alarms_announce(bodies: list[dict[str, Any]]) -> None:
    """Tell the hubs about alarms; a page that missed the news sees them when it is opened again."""
    _publish(ALARMS, bodies)


def _publish(channel: str, content: Any) -> None:
    try:
        redis_client().publish(channel, orjson.dumps(content, default=str))
    except redis.RedisError as error:
        log.warning("news_lost", channel=channel, kind=type(error).__name__)
