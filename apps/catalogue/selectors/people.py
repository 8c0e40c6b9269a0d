"""Who decides beyond a domain: the people of the data bureau."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from apps.accounts.selectors import approvers_of


def bureau_people() -> QuerySet[Any]:
    """Active approvers of the data bureau."""
    return approvers_of().filter(department__code=settings.DATA_BUREAU)
