"""Making and changing rules; a rule is never deleted, only switched off, so that its alarms stay readable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.accounts.selectors import viewer_for
from apps.alerts.data import RuleFacts
from apps.alerts.models import AlertRule, Condition, Side, Watch
from apps.alerts.services.acting import handler_require
from apps.audit.services import Act, access_record
from apps.core.divisions import division_require
from apps.core.domains import all_domains, domain_get
from apps.core.errors import ProblemError

LISTS = ("users", "roles", "webhooks")
LEVELS = {Condition.THRESHOLD: {Side.ABOVE, Side.BELOW}, Condition.GEOFENCE: {Side.INSIDE, Side.OUTSIDE}}


@transaction.atomic
def rule_create(values: Mapping[str, Any], *, viewer: Viewer) -> AlertRule:
    """A new rule; ProblemError names the field that does not fit."""
    domain = values.get("domain", "")
    if domain not in {known.slug for known in all_domains()}:
        raise ProblemError(_("There is no such domain."), "domain", code="unknown")
    return _kept(AlertRule(domain=domain), values, viewer)


@transaction.atomic
def rule_change(rule: AlertRule, values: Mapping[str, Any], *, viewer: Viewer) -> AlertRule:
    """Change a rule; what it remembered of its datastreams is looked at anew."""
    if values.get("domain", rule.domain) != rule.domain:
        raise ProblemError(_("A rule stays in its domain; make another one."), "domain", code="fixed")
    stored = AlertRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    return _kept(stored, values, viewer)


def _kept(rule: AlertRule, values: Mapping[str, Any], viewer: Viewer) -> AlertRule:
    handler_require(viewer, rule.domain, Capability.HANDLE)
    for name, value in values.items():
        if name not in LISTS:
            setattr(rule, name, value)
    rule_check(rule)
    rule.changed_by_id = viewer.user_id
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError as error:
        raise ProblemError(_("A rule of this name exists in the domain."), "name", 409, "repeated") from error
    for name in LISTS:
        if name in values:
            recipients_check(rule.domain, name, values[name])
            getattr(rule, name).set(values[name])
    Watch.objects.filter(rule=rule).delete()
    access_record(Act("alert_rule", viewer.user_id, "alerts.AlertRule", str(rule.pk)))
    return rule


def recipients_check(domain: str, name: str, recipients: Iterable[Any]) -> None:
    """ProblemError when one of the users, roles or webhooks to tell is not of the rule's own domain."""
    for item in recipients:
        own = viewer_for(item).domains if name == "users" else {item.domain}
        if domain not in own:
            raise ProblemError(_("Choose recipients of the rule's own domain."), name, code="domain")


def rule_check(rule: AlertRule) -> None:
    """Refuse a rule that can never, or always, raise an alarm."""
    numbers = (rule.level, rule.hysteresis)
    if not all(isfinite(number) for number in numbers) or rule.hysteresis < 0:
        raise ProblemError(_("Give a number; the hysteresis is not negative."), "level", code="range")
    condition = Condition(rule.condition)
    if rule.side not in LEVELS.get(condition, {rule.side}):
        raise ProblemError(_("This side does not belong to the condition."), "side", code="invalid")
    _scope_check(rule, condition)
    if condition is Condition.QUALITY and not 0 <= rule.level < 1:
        raise ProblemError(_("Give a share from 0 to 1, such as 0.2."), "level", code="range")
    if condition is Condition.MISSING and rule.hold:
        raise ProblemError(_("Silence is measured by the span; leave the hold at 0."), "hold", code="range")
    if condition in {Condition.MISSING, Condition.QUALITY} and rule.span < 1:
        raise ProblemError(_("Give at least one second."), "span", code="range")


def _scope_check(rule: AlertRule, condition: Condition) -> None:
    kinds = {kind.key for kind in domain_get(rule.domain).kinds}
    stream = rule.datastream
    if stream is not None and stream.thing.domain != rule.domain:
        raise ProblemError(_("There is no such datastream, or you may not see it."), "datastream", 404)
    if rule.kind and rule.kind not in kinds and not _is_measured(rule):
        raise ProblemError(_("The domain has no such kind of reading."), "kind", code="unknown")
    division_require(rule.area, field="area")
    if condition is Condition.GEOFENCE and rule.fence is None:
        raise ProblemError(_("Draw a fence."), "fence", code="required")
    if condition in {Condition.THRESHOLD, Condition.GEOFENCE} and not rule.kind and stream is None:
        raise ProblemError(_("Name a kind of reading or a datastream."), "kind", code="required")


def _is_measured(rule: AlertRule) -> bool:
    """Whether a datastream of this kind exists although the domain declares none: SensorThings made it."""
    streams: Any = AlertRule._meta.get_field("datastream").related_model
    return bool(streams.objects.filter(thing__domain=rule.domain, kind=rule.kind).exists())


@transaction.atomic
def rules_register(*, domain: str, rules: Iterable[RuleFacts]) -> None:
    """The demonstration rules of a domain; one that exists keeps what people have made of it."""
    for facts in rules:
        names = {"name_en": facts.name_en, "message": facts.message, "message_en": facts.message_en}
        made = AlertRule(domain=domain, name=facts.name, condition=facts.condition, **names, **facts.values)
        rule_check(made)
        if not AlertRule.objects.filter(domain=domain, name=facts.name).exists():
            made.save()
