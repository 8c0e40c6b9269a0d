"""The answer of the policy kernel."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.grades import Mask


class Outcome(StrEnum):
    """What happens to a value on its way out."""

    CLEAR = "clear"
    MASKED = "masked"
    AGGREGATED = "aggregated"  # only as a part of counts and sums of many people
    HIDDEN = "hidden"


class Reason(StrEnum):
    """Why: the code that screens translate into a sentence."""

    ALLOWED = "allowed"
    NO_ROLE = "no_role"  # the viewer holds no role in the domain
    OFFICE = "office"  # administrators see no business data
    OTHER_PLACE = "other_place"  # the row lies outside the viewer's division
    OTHER_DEPARTMENT = "other_department"  # another department owns the row
    CLEARANCE = "clearance"  # the field is graded above the viewer's clearance
    PURPOSE = "purpose"  # the highest grade needs a stated purpose
    APPROVAL = "approval"  # a minor's data: a responsible person must approve the access
    CONSENT = "consent"  # the subject has not agreed, or has withdrawn his consent
    RULE = "rule"  # a rule of the policy in force says so
    SYNTHETIC = "synthetic"  # contractors see synthetic data only
    SCOPE = "scope"  # the program's token is not about this
    UNKNOWN = "unknown"  # no grade is declared: refused until somebody declares one


class Effect(StrEnum):
    """What a rule of the policy does; each narrows what grade and role allow."""

    HIDE = "hide"
    AGGREGATE = "aggregate"  # only as a part of counts and sums of many people
    MASK = "mask"
    PURPOSE = "purpose"  # masked unless a purpose is stated
    APPROVAL = "approval"  # masked unless somebody has approved the access


class VersionState(StrEnum):
    """The life of a policy version; one at a time is in force."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What a decision needs to know of one row; rows with equal facts get equal decisions."""

    domain: str = ""  # slug, for rows of the platform that belong to a domain
    place: str = ""  # division code; "" where rows have no place
    department: str = ""  # code of the department that owns the row
    is_minor: bool = False  # the subject is under 18 (minors' regulations, 2023)
    has_consent: bool = True  # False: the subject has withdrawn it
    object_id: str = ""  # only where single rows were granted


ANY_ROW = RowFacts()


@dataclass(frozen=True, slots=True)
class Decision:
    """Clear, masked (with which mask), aggregated only or hidden, and why."""

    outcome: Outcome
    reason: Reason = Reason.ALLOWED
    mask: Mask = Mask.NONE
    rule: str = ""  # key of the rule that decided; "" for the grade itself

    @property
    def is_clear(self) -> bool:
        """Whether the value may leave as it is."""
        return self.outcome is Outcome.CLEAR

    @property
    def is_shown(self) -> bool:
        """Whether something of the value may leave: itself or its mask."""
        return self.outcome in {Outcome.CLEAR, Outcome.MASKED}


CLEAR = Decision(Outcome.CLEAR)

SUPPORT = "support"  # the purpose of a contractor's access for a ticket
# What people may state as the purpose of an access; codes are kept, titles are shown.
PURPOSES: dict[str, Promise] = {
    "teaching": _("Teaching"),
    "student-care": _("Care for a pupil"),
    "treatment": _("Treatment of a patient"),
    "request-handling": _("Handling a citizen's request"),
    "supervision": _("Supervision and enforcement"),
    "emergency": _("Emergency response"),
    SUPPORT: _("Repair of the platform"),
}
