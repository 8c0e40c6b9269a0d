"""The palette: what Ctrl+K finds."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from apps.core.quantities import titled
from apps.portal.selectors.search import streams_found, things_found, words_of
from apps.portal.selectors.streams import kind_title
from apps.portal.views.navigation import navigation
from apps.privacy.services.rest import request_viewer


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the palette."""

    title: str
    description: str
    link: str
    icon: str


def search_results(request: HttpRequest, term: str) -> list[Found]:
    """Pages of the menu by title in any language, then objects of the map and requests, then datastreams."""
    words = words_of(term)
    if not words:
        return []
    return [*_pages(request, words), *_things(request, words), *_streams(request, words)]


def _pages(request: HttpRequest, words: list[str]) -> list[Found]:
    titles = _titles(request)
    return [
        Found(str(item["title"]), str(group.get("title", _("Page"))), str(item["link"]), item["icon"])
        for group in navigation(request)
        for item in group["items"]
        if all(word.lower() in titles.get(str(item["link"]), "") for word in words)
    ]


def _titles(request: HttpRequest) -> dict[str, str]:
    """The titles of each page in every language of the platform, by its address."""
    titles: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for group in navigation(request):
                for item in group["items"]:
                    link = str(item["link"])
                    titles[link] = f"{titles.get(link, '')} {item['title']}".lower()
    return titles


def _things(request: HttpRequest, words: list[str]) -> list[Found]:
    found = things_found(request_viewer(request), words)
    on_map = _("%(kind)s, on the map")
    return [
        Found(
            thing.title,
            on_map % {"kind": thing.kind} if thing.is_on_map else thing.kind,
            thing.link,
            "map" if thing.is_on_map else "assignment",
        )
        for thing in found
    ]


def _streams(request: HttpRequest, words: list[str]) -> list[Found]:
    return [
        Found(
            f"{row.thing.name} ({row.key})",
            titled(_("Datastream"), kind_title(row)),
            reverse("admin:stream", args=[row.pk]),
            "sensors",
        )
        for row in streams_found(request_viewer(request), words)
    ]
