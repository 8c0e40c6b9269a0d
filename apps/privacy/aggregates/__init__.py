"""Counts of people: small ones are hidden, and so is what would give them away. No Django."""

from __future__ import annotations

from apps.privacy.aggregates.differencing import Answered, differs_by_few
from apps.privacy.aggregates.suppression import Table, intervals, suppressed

__all__ = ["Answered", "Table", "differs_by_few", "intervals", "suppressed"]
