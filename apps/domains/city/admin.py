"""Portal pages of the city domain."""

from __future__ import annotations

from apps.domains.city import requests_admin
from apps.domains.city.models import (
    AirStation,
    District,
    InspectionSite,
    RequestReply,
    RoadLink,
    RoadSegment,
)
from apps.privacy.services.admin import policy_register

__all__ = ["requests_admin"]

policy_register(District, columns=("code", "name", "name_en"), search=("code", "name", "name_en"))
policy_register(
    RoadSegment,
    columns=("code", "name", "name_en", "road_class", "lanes", "speed_limit", "length", "division"),
    search=("code", "name", "name_en"),
    filters=("road_class", "division"),
)
policy_register(RoadLink, columns=("source", "target", "weight"))
policy_register(
    AirStation,
    columns=("code", "name", "name_en", "division"),
    search=("code", "name"),
    filters=("division",),
)
policy_register(
    InspectionSite,
    columns=(
        "code",
        "name",
        "category",
        "priority",
        "service_minutes",
        "opens",
        "closes",
        "last_inspected_at",
    ),
    search=("code", "name"),
    filters=("category", "priority"),
)


policy_register(RequestReply, columns=("request", "kind", "text", "written_by", "written_at"))
