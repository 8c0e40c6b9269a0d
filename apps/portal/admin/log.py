"""The access log: the auditor reads it, nobody writes it."""

from __future__ import annotations

from django.apps import apps
from django.contrib.admin import register

from apps.portal.admin.office import OfficeAdmin


@register(apps.get_model("audit", "AccessEntry"))
class AccessEntryAdmin(OfficeAdmin):
    """Who did what to which object, why, and with what result."""

    list_display = (
        "at",
        "user_id",
        "action",
        "object_type",
        "object_id",
        "purpose",
        "rows",
        "result",
        "address",
    )
    search_fields = ("object_type", "object_id", "action")
    list_filter = ("action", "result")
    date_hierarchy = "at"
    ordering = ("-id",)
