"""Every address that the running system answers, with arguments that hit the planted rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

# Third-party addresses that carry no data of ours.
WITHOUT_DATA = (
    "jsi18n",
    "i18n/",
    "logout",
    "static",
    "login",
    "password_change",
    "autocomplete",
    "r/",
    "search/",
)


class UnknownArgumentError(AssertionError):
    """An exit has an argument that this test cannot fill: teach it, so that the exit is walked."""


def patterns(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """``(route, pattern)`` of every URL pattern."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def address(route: str, arguments: dict[str, str]) -> str:
    """The path of a route with its arguments filled in."""

    def fill(match: re.Match[str]) -> str:
        name = match["typed"] or match["named"]
        if name not in arguments:
            raise UnknownArgumentError(f"{route}: {name}")
        return arguments[name]

    filled = re.sub(r"<(?:\w+:)?(?P<typed>\w+)>|\(\?P<(?P<named>\w+)>(?:\[[^]]*\]|[^()])*\)", fill, route)
    return "/" + re.sub(r"[\^$\\]|/\?|\\Z", "", filled).replace("//", "/")
