"""The kernel asked for whole exits: which rows, which fields, which cache."""

from __future__ import annotations

import hashlib
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from apps.accounts.data import Viewer
from apps.privacy.data import Decision
from apps.privacy.services.kernel import can_see, decide

M = TypeVar("M", bound=Model)


def visible_rows(viewer: Viewer, queryset: QuerySet[M]) -> QuerySet[M]:
    """The rows of ``queryset`` that the viewer may know of: right domain, right division.

    A model says where its rows belong by class attributes: ``DOMAIN_PATH`` (lookup of the domain slug, for
    platform models) and ``PLACE_PATH`` (lookup of the division code).
    """
    model: Any = queryset.model
    domain_path = getattr(model, "DOMAIN_PATH", "")
    if domain_path:
        allowed = [slug for slug in sorted(viewer.domains) if can_see(viewer, model._meta.label, domain=slug)]
        queryset = queryset.filter(**{f"{domain_path}__in": allowed})
    elif not can_see(viewer, model._meta.label):
        return queryset.none()
    place_path = getattr(model, "PLACE_PATH", "")
    if viewer.division and place_path:
        prefix = viewer.division.rstrip("0") or viewer.division
        queryset = queryset.filter(Q(**{f"{place_path}__startswith": prefix}) | Q(**{place_path: ""}))
    kinds = viewer.kinds(model._meta.label)
    kind_path = getattr(model, "KIND_PATH", "")
    return queryset.filter(**{f"{kind_path}__in": kinds}) if kinds is not None and kind_path else queryset


def visible_fields(viewer: Viewer, model: type[Model], *, purpose: str = "") -> dict[str, Decision]:
    """The decision for each concrete field of ``model``, for rows that the viewer may know of."""
    label = model._meta.label
    domain = next(iter(sorted(viewer.domains)), "") if getattr(model, "DOMAIN_PATH", "") else ""
    return {
        field.name: decide(viewer, label, field.name, purpose=purpose, domain=domain)
        for field in model._meta.concrete_fields
    }


def policy_class(viewer: Viewer, *, domain: str) -> str:
    """A short key: two viewers with the same key get the same bytes of everything in ``domain``."""
    parts = (domain in viewer.domains, int(viewer.clearance), viewer.division, viewer.office, viewer.limits)
    return hashlib.blake2s(repr(parts).encode(), digest_size=6).hexdigest()
