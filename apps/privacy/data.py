"""The answer of the policy kernel."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from apps.core.grades import Mask


class Outcome(StrEnum):
    """What happens to a value on its way out."""

    CLEAR = "clear"
    MASKED = "masked"
    HIDDEN = "hidden"


class Reason(StrEnum):
    """Why: the code that screens translate into a sentence."""

    ALLOWED = "allowed"
    NO_ROLE = "no_role"  # the viewer holds no role in the domain
    OFFICE = "office"  # administrators see no business data
    OTHER_PLACE = "other_place"  # the row lies outside the viewer's division
    CLEARANCE = "clearance"  # the field is graded above the viewer's clearance
    PURPOSE = "purpose"  # the highest grade needs a stated purpose
    UNKNOWN = "unknown"  # no grade is declared: refused until somebody declares one


@dataclass(frozen=True, slots=True)
class Decision:
    """Clear, masked (with which mask) or hidden, and why."""

    outcome: Outcome
    reason: Reason = Reason.ALLOWED
    mask: Mask = Mask.NONE

    @property
    def is_clear(self) -> bool:
        """Whether the value may leave as it is."""
        return self.outcome is Outcome.CLEAR


CLEAR = Decision(Outcome.CLEAR)
