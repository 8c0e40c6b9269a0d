"""The menu: the platform's pages, then one group a domain, all by the viewer's rights."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.admin import site
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apps.accounts.data import Capability, Viewer
from apps.core.domains import all_domains
from apps.portal.selectors.log import may_read_log, object_types_approved
from apps.privacy.services import can_see
from apps.privacy.services.rest import request_viewer
from apps.subjects.services.incidents import may_handle_incidents
from apps.subjects.services.officers import approved_domains

Entry = dict[str, Any]

PAGES = (
    ("admin:streams", _("Datastreams"), "sensors"),
    ("admin:alarms", _("Alarms"), "notifications"),
    ("admin:uploads", _("Uploads"), "upload_file"),
    ("admin:runs", _("Training runs"), "model_training"),
    ("admin:models", _("Models"), "deployed_code"),
    ("admin:forecasts", _("Forecasts"), "show_chart"),
    ("admin:districts", _("Figures of the districts"), "location_city"),
    ("admin:plans", _("Plans"), "route"),
    ("admin:statistics", _("Protected statistics"), "shield_person"),
    ("admin:jobs", _("Jobs"), "pending_actions"),
    ("admin:minors", _("Minors' data"), "family_restroom"),
    ("admin:reveals", _("Reveals"), "visibility"),
    ("admin:microdata", _("Releases of rows"), "ios_share"),
)
SHARING = (
    ("admin:catalogue", _("Catalogue"), "menu_book"),
    ("admin:data_requests", _("My data requests"), "assignment"),
    ("admin:approvals", _("Approvals"), "approval"),
    ("admin:work_calendar", _("Working-day calendar"), "calendar_month"),
    ("admin:developer", _("For developers"), "code"),
)
VENDOR_PAGES = (("admin:synthetic", _("Synthetic data"), "science"),)
# Models of the readings that people work with by hand; things and series have pages of their own.
READINGS = frozenset({"sensing.edit", "sensing.quarantinedrow", "sensing.cleaningrule", "sensing.device"})
OFFICE_APPS = ("archive", "accounts")  # the access log has a page of its own above
ICONS = {
    "user": "person",
    "department": "account_balance",
    "division": "location_on",
    "role": "badge",
    "rolegrant": "key",
    "transfer": "move_location",
    "apikey": "vpn_key",
    "lakefile": "inventory_2",
    "dueday": "pending",
    "retentionrule": "auto_delete",
    "legalhold": "gavel",
    "backup": "backup",
    "drillreport": "fact_check",
    "edit": "edit_note",
    "quarantinedrow": "report",
    "cleaningrule": "rule",
    "device": "router",
}


def navigation(request: HttpRequest) -> list[Entry]:
    """The menu entries that the viewer may open; a domain without a role of his is not there at all."""
    groups: list[Entry] = [{"items": [_entry("admin:index", _("My work"), "home")]}]
    viewer = request_viewer(request)
    groups[0]["items"] += [_entry(*entry) for entry in _trail_entries(viewer)]
    if viewer.domains and viewer.office is None:
        groups[0]["items"].append({"title": _("Live map"), "link": "/map/", "icon": "map"})
        pages = VENDOR_PAGES if viewer.vendor else PAGES
        groups.append({"title": _("Platform"), "items": [_entry(*entry) for entry in pages]})
        if any(capability is Capability.APPROVE for _slug, capability in viewer.rights):
            groups[-1]["items"].append(_entry("admin:vendors", _("Contractors"), "engineering"))
        if not viewer.vendor:
            groups.append({"title": _("Sharing"), "items": [_entry(*entry) for entry in SHARING]})
    groups.append({"title": _("People's rights"), "items": _rights(viewer)})
    if viewer.office is None and not viewer.vendor:
        groups.append({"title": _("Readings"), "items": _models(request, "sensing", "tag", only=READINGS)})
    if can_see(viewer, "privacy.PolicyVersion"):
        policy = _entry("admin:policies", _("Privacy policy"), "policy")
        groups.append({"title": _("Privacy"), "items": [policy]})
    for domain in all_domains():
        if domain.slug in viewer.domains:
            items = _models(request, domain.slug, domain.icon)
            groups.append({"title": domain.title, "separator": True, "items": items})
    groups += [
        {"title": apps.get_app_config(label).verbose_name, "items": _models(request, label, "tag")}
        for label in OFFICE_APPS
    ]
    return [group for group in groups if group["items"]]


def _rights(viewer: Viewer) -> list[Entry]:
    """Requests of people, and incidents, for those who work on them."""
    entries = []
    if approved_domains(viewer):
        entries.append(_entry("admin:subject_requests", _("Subject requests"), "person_search"))
    if may_handle_incidents(viewer):
        entries.append(_entry("admin:incidents", _("Incidents"), "crisis_alert"))
    return entries


def _trail_entries(viewer: Viewer) -> list[tuple[str, Any, str]]:
    """Everybody's own trail; the log for the offices that read it, single records for approvers."""
    entries = [("admin:my_trail", _("My data trail"), "footprint")]
    if may_read_log(viewer):
        entries.append(("admin:access_log", _("Access log"), "policy"))
    if object_types_approved(viewer):
        entries.append(("admin:access_who", _("Who saw this record"), "person_search"))
    return entries


def _entry(name: str, title: Any, icon: str) -> Entry:
    return {"title": title, "icon": icon, "link": reverse(name)}


def _models(
    request: HttpRequest, label: str, icon: str, *, only: frozenset[str] = frozenset()
) -> list[Entry]:
    """The registered models of one app, or some of them, that the viewer may list."""
    entries = []
    for model, admin in site._registry.items():
        if model._meta.app_label != label or not admin.has_view_permission(request):
            continue
        if only and model._meta.label_lower not in only:
            continue
        name = model._meta.model_name
        entries.append(
            _entry(
                f"admin:{label}_{name}_changelist",
                capfirst(str(model._meta.verbose_name_plural)),
                ICONS.get(name or "", icon),
            )
        )
    return entries
