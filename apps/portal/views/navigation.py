"""The menu: what waits, then one group a domain of the viewer, then what is worked on across domains."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.admin import ModelAdmin, site
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst

from apps.core.domains import all_domains
from apps.portal.menu import AFTER_DOMAINS, BEFORE_DOMAINS, Group, Page, Table, works
from apps.privacy.services.rest import request_viewer

Entry = dict[str, Any]
WAITING = "admin:waiting"


def navigation(request: HttpRequest) -> list[Entry]:
    """The groups with an entry for the viewer; a domain without a role of theirs is not there at all."""
    groups = [
        *(_group(request, group) for group in BEFORE_DOMAINS),
        *_domains(request),
        *(_group(request, group) for group in AFTER_DOMAINS),
    ]
    groups = [group for group in groups if group["items"]]
    _mark_open(request.path, [item for group in groups for item in group["items"]])
    for group in groups:
        group["folded"] = group.get("folded", False) and not any(item["active"] for item in group["items"])
    return groups


def _mark_open(path: str, items: list[Entry]) -> None:
    """The entry of the page that is open, or of the closest one above it."""
    home = reverse("admin:index")
    above = [item["link"] for item in items if path.startswith(item["link"])]
    nearest = max(above, key=len, default="")
    for item in items:
        item["active"] = item["link"] == nearest != home or item["link"] == path


def _group(request: HttpRequest, group: Group) -> Entry:
    viewer = request_viewer(request)
    offered = [entry for entry in group.entries if entry.offered(viewer)]
    items = [item for entry in offered for item in _items(request, entry)]
    named = {"title": group.title, "folded": group.folded} if group.title else {}
    return {"items": items, **named}


def _items(request: HttpRequest, entry: Page | Table) -> Iterator[Entry]:
    if isinstance(entry, Table):
        model = apps.get_model(entry.label)
        if _is_listed(request, model):
            yield _table(model, entry.icon)
        return
    yield _item(entry.title, reverse(entry.name), entry.icon) | {"counts_decisions": entry.name == WAITING}


def _domains(request: HttpRequest) -> Iterator[Entry]:
    """The tables of each domain, without those that can be neither searched nor filtered."""
    viewer = request_viewer(request)
    for domain in all_domains():
        if domain.slug in viewer.domains and works(viewer):
            models = [
                model
                for model, admin in site._registry.items()
                if model._meta.app_label == domain.slug
                and (admin.search_fields or admin.list_filter)
                and _is_listed(request, model)
            ]
            yield {"title": domain.title, "items": [_table(model, domain.icon) for model in models]}


def _is_listed(request: HttpRequest, model: type[Model]) -> bool:
    admin: ModelAdmin[Any] | None = site._registry.get(model)
    return admin is not None and admin.has_view_permission(request)


def _table(model: type[Model], icon: str) -> Entry:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    return _item(capfirst(str(model._meta.verbose_name_plural)), reverse(name), icon)


def _item(title: Any, link: str, icon: str) -> Entry:
    return {"title": title, "link": link, "icon": icon, "active": False}
