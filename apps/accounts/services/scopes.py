"""Which ``write:`` scopes exist: one for each thing that a key may change, by REST or by SensorThings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from apps.accounts.data import WRITE, Capability, write_scope

ROOT = "api/v1/"
UNSAFE = {"post", "put", "patch", "delete"}
# Entities that SensorThings changes and the REST API only reads.
ENTITIES = ("locations", "historical-locations", "sensors", "observed-properties", "features-of-interest")
OF_SENSORTHINGS = frozenset(f"{WRITE}sensing.{name}" for name in ENTITIES)


def write_scopes() -> frozenset[str]:
    """``write:<app>.<thing>`` for each thing with a method that changes something."""
    return frozenset(scope_rights())


@cache
def scope_rights() -> Mapping[str, frozenset[Capability]]:
    """Each such scope with the capabilities of which its owner needs one: ``key_needs`` of the views."""
    found = (one for one in get_resolver().url_patterns if str(one.pattern) == ROOT)
    views = [view for one in found if isinstance(one, URLResolver) for view in one.url_patterns]
    rights: dict[str, set[Capability]] = {scope: {Capability.UPLOAD} for scope in OF_SENSORTHINGS}
    for view in views:
        if not isinstance(view, URLPattern) or not _changes(view.callback):
            continue
        if scope := write_scope(f"/{ROOT}{str(view.pattern).lstrip('^')}"):
            needs = getattr(getattr(view.callback, "cls", None), "key_needs", (Capability.VIEW,))
            rights.setdefault(scope, set()).update(needs)
    held = {scope: frozenset(needs - {Capability.APPROVE}) for scope, needs in rights.items()}
    return {scope: needs for scope, needs in held.items() if needs}  # no key carries an approver's rights


def _changes(view: Any) -> bool:
    """Whether a view answers one of the unsafe methods."""
    actions = getattr(view, "actions", None)
    methods = dir(view.view_class) if actions is None else actions
    return not UNSAFE.isdisjoint(methods)
