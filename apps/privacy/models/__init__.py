"""What the platform keeps about its own protection: keys, and the policy with its versions."""

from __future__ import annotations

from apps.privacy.models.keys import KeyVersion
from apps.privacy.models.microdata import CountAnswer, MicroRelease, MicroReleaseState
from apps.privacy.models.minors import MinorsRequest
from apps.privacy.models.policies import PolicyRule, PolicyVersion
from apps.privacy.models.reveals import Reveal
from apps.privacy.models.statistics import (
    BudgetDecision,
    DatasetBudget,
    Delivery,
    RecipientBudget,
    Release,
)

__all__ = [
    "BudgetDecision",
    "CountAnswer",
    "DatasetBudget",
    "Delivery",
    "KeyVersion",
    "MicroRelease",
    "MicroReleaseState",
    "MinorsRequest",
    "PolicyRule",
    "PolicyVersion",
    "RecipientBudget",
    "Release",
    "Reveal",
]
