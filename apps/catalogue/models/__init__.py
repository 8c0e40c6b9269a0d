"""What is shared, who asked, who reads by a program, and who was told."""

from __future__ import annotations

from apps.catalogue.models.clients import ApiClient, ClientUse
from apps.catalogue.models.datasets import Dataset, ImpactAssessment
from apps.catalogue.models.days import CalendarDay
from apps.catalogue.models.notices import Correction, CorrectionState, Notice, Provision
from apps.catalogue.models.requests import AccessRequest, RequestEvent

__all__ = [
    "AccessRequest",
    "ApiClient",
    "CalendarDay",
    "ClientUse",
    "Correction",
    "CorrectionState",
    "Dataset",
    "ImpactAssessment",
    "Notice",
    "Provision",
    "RequestEvent",
]
