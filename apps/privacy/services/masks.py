"""A value as it may leave, by the decision of the kernel."""

from __future__ import annotations

from typing import Any

from apps.privacy.data import Decision, Outcome
from apps.privacy.masks import MASKS


def masked(value: Any, decision: Decision) -> Any:
    """The value as it may leave: itself, its mask, or None when it is hidden, aggregated only, or empty."""
    if decision.is_clear or value is None or value == "":
        return value
    if decision.outcome is not Outcome.MASKED:
        return None
    return MASKS[decision.mask](value)
