"""Portal pages of the city domain."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import register
from django.forms import ModelForm
from django.http import HttpRequest

from apps.accounts.data import Capability
from apps.domains.city.models import (
    AirStation,
    District,
    InspectionSite,
    RoadLink,
    RoadSegment,
    ServiceRequest,
)
from apps.domains.city.services.requests import request_handle
from apps.privacy.services.admin import PolicyModelAdmin, policy_register
from apps.privacy.services.rest import request_viewer

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


@register(ServiceRequest)
class ServiceRequestAdmin(PolicyModelAdmin):
    """Requests of the hotline; whoever may handle assigns them and moves them on."""

    change_capability = Capability.HANDLE
    editable_fields = ("category", "department", "state")
    list_display = (
        "number",
        "category",
        "text",
        "department",
        "state",
        "received_at",
        "deadline",
        "reporter_name",
        "reporter_phone",
    )
    list_filter = ("state", "category", "department", "division")
    search_fields = ("number", "text", "address")
    list_select_related = ("department",)
    date_hierarchy = "received_at"

    def save_model(
        self, request: HttpRequest, obj: ServiceRequest, form: ModelForm[ServiceRequest], change: Any
    ) -> None:
        """Hand the change to the service, which knows what a request may become."""
        values = {name: form.cleaned_data[name] for name in form.changed_data}
        request_handle(obj, viewer=request_viewer(request), changes=values)
