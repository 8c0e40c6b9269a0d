"""Plain values of the catalogue: choices of the guide 发改高技〔2017〕1272号, states, purposes, tokens."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from apps.accounts.data import Viewer


class DatasetKind(TextChoices):
    """What of the platform a dataset is."""

    OBJECT = "object", _("Records")
    LAYER = "layer", _("Map layer")
    STREAM = "stream", _("Readings")


class DatasetState(TextChoices):
    """Where an entry stands."""

    DRAFT = "draft", _("Draft")
    REVIEWED = "reviewed", _("Reviewed")
    PUBLISHED = "published", _("Published")
    SUSPENDED = "suspended", _("Suspended")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Sharing(TextChoices):
    """The three sharing types of State Council Decree 809."""

    UNCONDITIONAL = "unconditional", _("Shared without condition")
    CONDITIONAL = "conditional", _("Shared on condition")
    NOT_SHARED = "not_shared", _("Not shared")


class Method(TextChoices):
    """How a dataset reaches whoever may use it."""

    INTERFACE = "interface", _("Interface (API)")
    PORTAL = "portal", _("Reading in the portal")
    FILE = "file", _("File")


class Openness(TextChoices):
    """Whether the public may have it (open attribute)."""

    CLOSED = "closed", _("Not open")
    CONDITIONAL = "conditional", _("Open on condition")
    OPEN = "open", _("Open")


class UpdateCycle(TextChoices):
    """How often the data change."""

    REALTIME = "realtime", _("Live")
    DAILY = "daily", _("Daily")
    WEEKLY = "weekly", _("Weekly")
    MONTHLY = "monthly", _("Monthly")
    QUARTERLY = "quarterly", _("Quarterly")
    YEARLY = "yearly", _("Yearly")
    IRREGULAR = "irregular", _("When something changes")


class Purpose(TextChoices):
    """What data may be asked for; each scope of a token names one."""

    SUPERVISION = "supervision", _("Supervision and enforcement")
    SERVICE = "service", _("Handling a citizen's matter")
    PLANNING = "planning", _("Planning and dispatch")
    STATISTICS = "statistics", _("Statistics and research")
    EMERGENCY = "emergency", _("Emergency response")


class RequestState(TextChoices):
    """Where a request stands; the last five are final."""

    SUBMITTED = "submitted", _("Waiting for a decision")
    PAUSED = "paused", _("Clock stopped")
    DISPUTED = "disputed", _("In dispute")
    APPROVED = "approved", _("In force")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn by the applicant")
    RECALLED = "recalled", _("Recalled")
    EXPIRED = "expired", _("Expired")


class Refusal(TextChoices):
    """Why a request is refused; a sentence is needed as well."""

    PURPOSE = "purpose", _("The purpose does not need these data")
    LAW = "law", _("A law forbids it")
    SCOPE = "scope", _("More fields or a longer time than needed")
    SECURITY = "security", _("The applicant cannot keep the data safe")
    OTHER = "other", _("Another reason")


class NoticeKind(TextChoices):
    """What consumers are told."""

    CORRECTION = "correction", _("Correction")
    RECALL = "recall", _("Recall")


WAITING = (RequestState.SUBMITTED, RequestState.PAUSED)
SCOPE_SEPARATOR = ":"  # "city.RoadSegment:planning"


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """Who stands behind a program's token, and what it may see now."""

    viewer: Viewer
    client_id: int  # of the catalogue's ApiClient
    user_id: int
    request_ids: tuple[int, ...] = ()  # the approved requests on which it rests
    name: str = ""  # of the program
    scopes: tuple[str, ...] = ()  # those that hold now
