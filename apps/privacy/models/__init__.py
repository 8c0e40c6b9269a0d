"""What the platform keeps about its own protection."""

from __future__ import annotations

from apps.privacy.models.keys import KeyVersion
from apps.privacy.models.statistics import (
    BudgetDecision,
    DatasetBudget,
    Delivery,
    RecipientBudget,
    Release,
)

__all__ = ["BudgetDecision", "DatasetBudget", "Delivery", "KeyVersion", "RecipientBudget", "Release"]
