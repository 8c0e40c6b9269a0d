"""Districts, roads, air stations, hotline requests and inspection sites of the city."""

from __future__ import annotations

from apps.domains.city.models.districts import District
from apps.domains.city.models.requests import (
    ReplyKind,
    RequestCategory,
    RequestReply,
    RequestState,
    ServiceRequest,
)
from apps.domains.city.models.roads import STREETS, RoadClass, RoadLink, RoadSegment
from apps.domains.city.models.sites import InspectionSite, SiteCategory
from apps.domains.city.models.stations import AirStation

__all__ = [
    "STREETS",
    "AirStation",
    "District",
    "InspectionSite",
    "ReplyKind",
    "RequestCategory",
    "RequestReply",
    "RequestState",
    "RoadClass",
    "RoadLink",
    "RoadSegment",
    "ServiceRequest",
    "SiteCategory",
]
