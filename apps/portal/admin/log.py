"""The access log: the auditor reads it on a page of its own, nobody writes it."""

from __future__ import annotations

from django.apps import apps
from django.contrib.admin import register

from apps.portal.admin.office import OfficeAdmin


@register(apps.get_model("audit", "AccessEntry"))
class AccessEntryAdmin(OfficeAdmin):
    """Who did what to which object, why, and with what result."""

    list_page = "admin:access_log"
