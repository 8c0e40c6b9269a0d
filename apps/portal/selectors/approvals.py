"""Reveals and requests for minors' data, as the portal lists them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.db.models import F, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from apps.accounts.data import Capability, Viewer
from apps.accounts.selectors import user_names
from apps.portal.selectors.rows import visible
from apps.portal.selectors.titles import field_title, object_title

NAMES = {"reveal": "privacy.Reveal", "request": "privacy.MinorsRequest"}


def approves_in(viewer: Viewer) -> list[str]:
    """The domains in which the viewer approves."""
    return sorted(slug for slug in viewer.domains if viewer.may(slug, Capability.APPROVE))


def reveals_listed(viewer: Viewer) -> QuerySet[Any]:
    """The viewer's own reveals and those in the domains in which he approves, the unnoted first."""
    mine = Q(user_id=viewer.user_id) | Q(domain__in=approves_in(viewer))
    return visible(viewer, NAMES["reveal"]).filter(mine).order_by(F("noted_at").desc(nulls_first=True), "-pk")


def minors_listed(viewer: Viewer) -> QuerySet[Any]:
    """The viewer's own requests and those that he may decide, the waiting first."""
    mine = Q(asked_by_id=viewer.user_id) | Q(domain__in=approves_in(viewer))
    return visible(viewer, NAMES["request"]).filter(mine).order_by("-asked_at")


def reveal_lines(viewer: Viewer, rows: Any) -> list[dict[str, Any]]:
    """Each reveal with the words for its object and the name of who opened it."""
    names = user_names({row.user_id for row in rows})
    return [
        {
            "row": row,
            "object": object_title(row.object_type),
            "field": field_title(row.object_type, row.field),
            "who": names.get(row.user_id, ""),
            "may_note": row.noted_at is None
            and row.user_id != viewer.user_id
            and viewer.may(row.domain, Capability.APPROVE),
        }
        for row in rows
    ]


def request_lines(viewer: Viewer, rows: Any) -> list[dict[str, Any]]:
    """Each request with the words for its object and fields and the names of the people."""
    names = user_names({row.asked_by_id for row in rows} | {row.decided_by_id for row in rows})
    return [
        {
            "row": row,
            "object": object_title(row.object_type),
            "fields": [field_title(row.object_type, name) for name in row.fields],
            "who": names.get(row.asked_by_id, ""),
            "by": names.get(row.decided_by_id, ""),
            "opened": records_url(row.object_type, row.objects_only) if _is_open(row) else "",
            "is_mine": row.asked_by_id == viewer.user_id,
            "may_decide": row.asked_by_id != viewer.user_id and viewer.may(row.domain, Capability.APPROVE),
        }
        for row in rows
    ]


def _is_open(row: Any) -> bool:
    return bool(row.state == "approved" and row.until > timezone.now())


def records_url(object_type: str, keys: Sequence[str] = ()) -> str:
    """Where the records that an approval opened are read: the only one, else the list; "" without a page."""
    name = object_type.lower().replace(".", "_")
    try:
        if len(keys) == 1:
            return reverse(f"admin:{name}_change", args=keys)
        return reverse(f"admin:{name}_changelist")
    except NoReverseMatch:
        return reverse("admin:streams") if object_type.startswith("sensing.") else ""


def object_choices(slugs: list[str]) -> list[tuple[str, str]]:
    """``(object type, title)`` of every kind of record of these domains."""
    models = [model for slug in slugs for model in apps.get_app_config(slug).get_models()]
    return [(model._meta.label, str(model._meta.verbose_name)) for model in models]


def vendor_lines(slugs: list[str]) -> list[dict[str, Any]]:
    """The accesses of contractors that are open now in these domains."""
    grants = apps.get_model("accounts.AccessGrant")._default_manager
    rows = grants.filter(basis__startswith="ticket:", ended_at=None, valid_until__gt=timezone.now())
    found = [row for row in rows if row.object_type.partition(".")[0] in slugs]
    names = user_names({row.user_id for row in found} | {row.approved_by_id for row in found})
    return [
        {
            "row": row,
            "object": object_title(row.object_type),
            "ticket": row.basis.partition(":")[2],
            "who": names.get(row.user_id, ""),
            "by": names.get(row.approved_by_id, ""),
        }
        for row in found
    ]
