"""The palette: what Ctrl+K finds."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.portal.selectors.streams import streams_visible
from apps.portal.views.navigation import navigation
from apps.privacy.services.rest import request_viewer

MOST = 12


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the palette."""

    title: str
    description: str
    link: str
    icon: str


def search_results(request: HttpRequest, term: str) -> list[Found]:
    """Pages of the menu by title, then datastreams by key or by the name of their thing."""
    term = term.strip()
    if not term:
        return []
    return [*_pages(request, term.lower()), *_streams(request, term)]


def _pages(request: HttpRequest, term: str) -> list[Found]:
    return [
        Found(str(item["title"]), str(group.get("title", _("Page"))), str(item["link"]), item["icon"])
        for group in navigation(request)
        for item in group["items"]
        if term in str(item["title"]).lower()
    ]


def _streams(request: HttpRequest, term: str) -> list[Found]:
    named = Q(key__icontains=term) | Q(thing__name__icontains=term)
    rows = streams_visible(request_viewer(request)).filter(named)
    return [
        Found(
            f"{row.thing.name} ({row.key})",
            _("Datastream"),
            reverse("admin:stream", args=[row.pk]),
            "sensors",
        )
        for row in rows[:MOST]
    ]
