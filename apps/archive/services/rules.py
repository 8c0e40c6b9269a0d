"""Setting retention rules, placing and releasing legal holds; who did it is in the access log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.accounts.services.sessions import privileged_require
from apps.archive.models import LegalHold, RetentionRule
from apps.archive.selectors.retention import MONTHS_A_YEAR, Keep
from apps.audit.services import Act, access_record
from apps.core.errors import ProblemError


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which readings: those of a domain, of a kind in it, or of one datastream."""

    domain: str
    kind: str = ""
    datastream: int | None = None


@transaction.atomic
def rule_set(scope: Scope, *, keep: Keep, reason: str, viewer: Viewer) -> RetentionRule:
    """Set how long readings are kept, in place of an earlier rule for the same readings."""
    _require(viewer, scope, reason)
    if keep.months < 1 or keep.years < 1:
        raise ProblemError(
            _("Keep readings for at least one month, and one year in the lake."), "keep_months"
        )
    if keep.years * MONTHS_A_YEAR < keep.months:
        raise ProblemError(_("The lake must keep readings at least as long as the database."), "lake_years")
    if scope.kind and scope.datastream is not None:
        raise ProblemError(_("Name a kind or a datastream, not both."), "kind")
    readings: dict[str, Any] = {
        "domain": scope.domain,
        "kind": scope.kind,
        "datastream_id": scope.datastream,
    }
    values = {
        "keep_months": keep.months,
        "lake_years": keep.years,
        "reason": reason[:300],
        "set_by_id": viewer.user_id or 0,
        "set_at": timezone.now(),
    }
    rule, _made = RetentionRule.objects.update_or_create(**readings, defaults=values)
    _record("retention_set", rule, viewer)
    return rule


@transaction.atomic
def hold_place(
    scope: Scope, *, start: date | None, end: date | None, reason: str, viewer: Viewer
) -> LegalHold:
    """Keep readings from being deleted, from ``start`` to ``end`` (included; None is open)."""
    _require(viewer, scope, reason)
    if start is not None and end is not None and start > end:
        raise ProblemError(_("The start must not lie after the end."), "start")
    hold = LegalHold.objects.create(
        domain=scope.domain,
        datastream_id=scope.datastream,
        start=start,
        end=end,
        reason=reason[:300],
        placed_by_id=viewer.user_id or 0,
        placed_at=timezone.now(),
    )
    _record("hold_place", hold, viewer)
    return hold


@transaction.atomic
def hold_release(hold: LegalHold, *, viewer: Viewer) -> LegalHold:
    """From now on the rules count again; the hold stays as a record."""
    stored = LegalHold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    _require(viewer, Scope(domain=stored.domain), stored.reason)
    if stored.released_at is not None:
        raise ProblemError(_("This hold has been released already."), "released_at", 409, "repeated")
    stored.released_at, stored.released_by_id = timezone.now(), viewer.user_id
    stored.save(update_fields=["released_at", "released_by"])
    _record("hold_release", stored, viewer)
    return stored


def _require(viewer: Viewer, scope: Scope, reason: str) -> None:
    if not viewer.may(scope.domain, Capability.APPROVE):
        raise ProblemError(
            _("Your role may not decide how long this domain's readings are kept."), "domain", 403
        )
    privileged_require(viewer)
    if not reason.strip():
        raise ProblemError(_("Say why."), "reason", code="missing")
    streams = apps.get_model("sensing.Datastream")._default_manager.filter(thing__domain=scope.domain)
    if scope.datastream is not None and not streams.filter(pk=scope.datastream).exists():
        raise ProblemError(_("There is no such datastream in this domain."), "datastream", code="unknown")


def _record(action: str, row: RetentionRule | LegalHold, viewer: Viewer) -> None:
    access_record(Act(action, viewer.user_id, f"archive.{type(row).__name__}", str(row.pk)))
