"""Who decides: the approvers of a domain, and the people of the data bureau."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.accounts.data import Capability


def approvers_of(domain: str) -> QuerySet[Any]:
    """Active people who may approve in a domain now."""
    return _approvers().filter(grants__role__domain=domain).distinct()


def bureau_people() -> QuerySet[Any]:
    """Active approvers of the data bureau."""
    return _approvers().filter(department__code=settings.DATA_BUREAU).distinct()


def _approvers() -> QuerySet[Any]:
    unended = Q(grants__valid_until=None) | Q(grants__valid_until__gt=timezone.now())
    role = Q(grants__role__capabilities__contains=[Capability.APPROVE.value])
    return get_user_model().objects.filter(unended & role, is_active=True)
