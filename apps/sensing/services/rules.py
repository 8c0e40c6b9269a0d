"""Cleaning rules: drafted, put in force, retired. A rule never changes; another one takes its place.

Every door reads the rules in force again with its table of streams, within ten seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.audit.services import Act, access_record
from apps.core.domains import all_domains
from apps.core.errors import ProblemError
from apps.sensing.cleaning.rules import LIMITS, WIDEST
from apps.sensing.models import CleaningRule, CleaningRuleState, Datastream

NARROWEST = 3
ANY_SIGN = {"low", "high"}
LARGEST = 1e300


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWish:
    """A rule for one datastream, or for a kind of a domain; a limit that is None is taken away."""

    domain: str = ""
    kind: str = ""
    datastream: Datastream | None = None
    limits: Mapping[str, float | None] = field(default_factory=dict)


@transaction.atomic
def rule_draft(wish: RuleWish, *, viewer: Viewer) -> CleaningRule:
    """A new version of the rule for its datastream or kind; it changes nothing until it is put in force."""
    stream = wish.datastream
    scope: dict[str, Any] = {"domain": wish.domain, "kind": wish.kind, "datastream": stream}
    if stream is not None:
        scope |= {"domain": stream.thing.domain, "kind": stream.kind}
    _require(viewer, scope["domain"], Capability.UPLOAD)
    _scope_check(scope["domain"], scope["kind"])
    limits = limits_checked(wish.limits)
    newest = CleaningRule.objects.filter(**scope).aggregate(newest=Max("version"))["newest"] or 0
    made_by = viewer.user_id or 0
    return CleaningRule.objects.create(**scope, limits=limits, version=newest + 1, made_by_id=made_by)


@transaction.atomic
def rule_publish(rule: CleaningRule, *, viewer: Viewer) -> CleaningRule:
    """Put a draft in force; the rule that held for the same datastream or kind is retired."""
    _require(viewer, rule.domain, Capability.HANDLE)
    same = {"domain": rule.domain, "kind": rule.kind, "datastream": rule.datastream_id}
    versions = list(CleaningRule.objects.select_for_update().filter(**same).order_by("pk"))
    stored = next(version for version in versions if version.pk == rule.pk)
    if stored.state != CleaningRuleState.DRAFT:
        raise ProblemError(_("Only a draft can be put in force; make a new one."), "state", 409, "state")
    for version in versions:
        if version.state == CleaningRuleState.LIVE:
            _become(version, CleaningRuleState.RETIRED, viewer)
    stored.live_at = timezone.now()
    return _become(stored, CleaningRuleState.LIVE, viewer)


@transaction.atomic
def rule_retire(rule: CleaningRule, *, viewer: Viewer) -> CleaningRule:
    """End a rule, or drop a draft; what the kind declares holds again."""
    _require(viewer, rule.domain, Capability.HANDLE)
    stored = CleaningRule.objects.select_for_update().get(pk=rule.pk)
    if stored.state == CleaningRuleState.RETIRED:
        raise ProblemError(_("This rule has been retired already."), "state", 409, "repeated")
    return _become(stored, CleaningRuleState.RETIRED, viewer)


def _become(rule: CleaningRule, state: CleaningRuleState, viewer: Viewer) -> CleaningRule:
    rule.state = state
    rule.save(update_fields=["state", "live_at"])
    access_record(Act(f"cleaning_rule_{state.value}", viewer.user_id, "sensing.CleaningRule", str(rule.pk)))
    return rule


def _require(viewer: Viewer, domain: str, capability: Capability) -> None:
    if not viewer.may(domain, capability):
        raise ProblemError(_("Your role may not do this with rules of this domain."), "domain", 403, "role")


def _scope_check(domain: str, kind: str) -> None:
    declared = {known.slug: {part.key for part in known.kinds} for known in all_domains()}
    if domain not in declared:
        raise ProblemError(_("There is no such domain."), "domain", code="unknown")
    measured = Datastream.objects.filter(thing__domain=domain, kind=kind)
    if kind not in declared[domain] and not measured.exists():
        raise ProblemError(_("The domain has no such kind of reading."), "kind", code="unknown")


def limits_checked(limits: Mapping[str, Any]) -> dict[str, float | None]:
    """The limits as numbers; ProblemError names the one that can never, or always, flag a value."""
    if unknown := sorted(set(limits) - set(LIMITS)):
        detail = _("There is no such limit: %(name)s.") % {"name": unknown[0][:40]}
        raise ProblemError(detail, "limits", code="unknown")
    if not limits:
        raise ProblemError(_("Give at least one limit."), "limits", code="missing")
    found = {name: _number(name, value) for name, value in limits.items()}
    low, high = found.get("low"), found.get("high")
    if low is not None and high is not None and low >= high:
        raise ProblemError(_("The lowest value must lie below the highest."), "low", code="range")
    width = found.get("window")
    if width is not None and not (NARROWEST <= width <= WIDEST and width % 2 == 1):
        detail = _("The window is an odd number from %(low)d to %(high)d.")
        raise ProblemError(detail % {"low": NARROWEST, "high": WIDEST}, "window", code="range")
    return found


def _number(name: str, value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) and name != "mend":
        raise ProblemError(_("Give a number."), name, code="type")
    if not isinstance(value, int | float) or not abs(value) < LARGEST or not isfinite(value):
        raise ProblemError(_("Give a number."), name, code="type")
    if name == "mend":
        return 1.0 if value else None
    if name not in ANY_SIGN and value <= 0:
        raise ProblemError(_("Give a number above zero."), name, code="range")
    return float(value)
