"""Questions about requests: who may see and decide them, how far their clocks are, what they permit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.accounts.data import Capability, Viewer
from apps.catalogue.data import WAITING, DatasetState, RequestState, Sharing
from apps.catalogue.models import AccessRequest, ApiClient, Dataset
from apps.catalogue.selectors.days import working_days_between
from apps.catalogue.selectors.entries import is_bureau
from apps.core.errors import ProblemError

HUNDRED = 100
URGENT = 80  # percent
MOST_PERCENT = 999


def requests_visible(viewer: Viewer) -> QuerySet[AccessRequest]:
    """The viewer's own requests, those that he decides, and for the data bureau all of them."""
    rows = AccessRequest.objects.select_related("dataset__provider", "applicant", "client")
    if viewer.user_id is None or viewer.office is not None or viewer.is_program:
        return rows.none()
    if is_bureau(viewer):
        return rows
    return rows.filter(Q(applicant=viewer.user_id) | Q(dataset__domain__in=_decides_in(viewer)))


def _decides_in(viewer: Viewer) -> list[str]:
    return [domain for domain, held in viewer.rights if held is Capability.APPROVE]


def may_decide(viewer: Viewer, request: AccessRequest) -> bool:
    """Whether the viewer is an approver of the provider, and not the one who asks."""
    allowed = viewer.may(request.dataset.domain, Capability.APPROVE)
    return allowed and viewer.user_id != request.applicant_id


def may_judge(viewer: Viewer, request: AccessRequest) -> bool:
    """Whether the viewer may decide a dispute: the bureau, and nobody who asked or refused."""
    return is_bureau(viewer) and viewer.user_id not in {request.applicant_id, request.decided_by_id}


def requests_waiting(viewer: Viewer) -> QuerySet[AccessRequest]:
    """What waits for the viewer's decision, the most urgent first."""
    own = Q(state__in=WAITING, dataset__domain__in=_decides_in(viewer))
    judged = Q(state=RequestState.DISPUTED) | Q(state__in=WAITING, escalated_at__isnull=False)
    found = own | judged if is_bureau(viewer) else own
    return requests_visible(viewer).filter(found).exclude(applicant=viewer.user_id).order_by("due_on", "pk")


def requests_in_force(
    *, client: ApiClient | None = None, dataset: Dataset | None = None
) -> QuerySet[AccessRequest]:
    """Approved requests that have not ended, of entries that have not been suspended."""
    rows = AccessRequest.objects.filter(
        state=RequestState.APPROVED, until__gt=timezone.now(), dataset__state=DatasetState.PUBLISHED
    ).select_related("dataset")
    if client is not None:
        rows = rows.filter(client=client)
    return rows.filter(dataset=dataset) if dataset is not None else rows


def reply_days(sharing: str) -> int:
    """Working days within which the provider answers."""
    kind = "unconditional" if sharing == Sharing.UNCONDITIONAL else "conditional"
    days: int = settings.SHARING_DAYS[kind]
    return days


@dataclass(frozen=True, slots=True)
class Clock:
    """How much of the time for an answer is gone; ``left`` is negative when it is overdue."""

    due: date
    left: int | None  # working days; None where the calendar does not reach
    percent: int

    @property
    def level(self) -> str:
        """``good``, ``warn`` from four fifths on, ``bad`` when it is overdue."""
        if self.left is None or self.left < 0:
            return "bad"
        return "warn" if self.percent >= URGENT else "good"


def clock_of(request: AccessRequest, *, today: date | None = None) -> Clock:
    """The clock of a request as it stands; a stopped clock stands where it was stopped."""
    now = request.paused_on or today or timezone.localdate()
    total = max(reply_days(request.dataset.sharing), 1)
    try:
        left = working_days_between(now, request.due_on)
    except ProblemError:
        return Clock(request.due_on, None, 0)
    return Clock(request.due_on, left, min(max(HUNDRED * (total - left) // total, 0), MOST_PERCENT))
