"""Every address that the running system answers, with arguments that hit the planted rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

# Addresses that are not walked with planted arguments, each with the reason. Whole routes: a part of a name
# would leave out more than is meant.
NOT_WALKED: dict[str, str] = {
    r"(portal/)?jsi18n/": "the words of the scripts, the same for all",
    r"i18n/setlang/": "chooses a language, answers with a redirect",
    r"portal/(login|logout|password_change|password_change/done)/": "forms about oneself",
    r"portal/r/<path:content_type_id>/<path:object_id>/": "redirects to an address that is walked",
    r"portal/(search|autocomplete)/": "walked with every canary as the term, see test_oracles",
    r"portal/(auth|oauth2_provider)/.*": "Django's own permissions, which nobody is given; see test_oracles",
    r"static.*": "files of the release",
}
# The same bytes for everybody: walked once, by somebody without any role.
SAME_FOR_ALL = re.compile(r"/(metrics|healthz|readyz|map/|api/schema/|api/docs/|api/start/)")


def is_walked(route: str) -> bool:
    """Whether the route is walked by every role."""
    return not any(re.fullmatch(one, route) for one in NOT_WALKED)


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
