"""Alarm rules: the list, one rule with its numbers and a trial on the last week."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.data import Capability
from apps.alerts.services import rule_change, rule_trial
from apps.core.errors import ProblemError
from apps.core.numbers import decimal_number
from apps.portal.selectors.alarms import rule_kind, rules_visible
from apps.portal.views.acts import act
from apps.portal.views.page import needs, page
from apps.privacy.services.rest import request_viewer

NUMBERS = ("level", "hysteresis")
WHOLE = {"hold": 2_000_000, "span": 31 * 86400, "flood_after": 10_000, "flood_window": 86400}


@needs(Capability.VIEW)
def alarm_rules(request: HttpRequest) -> HttpResponse:
    """The rules of the viewer's domains."""
    rules = rules_visible(request_viewer(request))
    return page(request, "portal/alarm_rules.html", title=_("Alarm rules"), rules=rules)


@needs(Capability.VIEW)
def alarm_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """One rule; whoever handles alarms may change its numbers or switch it off."""
    viewer = request_viewer(request)
    rule = get_object_or_404(rules_visible(viewer), pk=pk)
    may = viewer.may(rule.domain, Capability.HANDLE)
    priorities = rule._meta.get_field("priority").flatchoices
    return page(
        request,
        "portal/alarm_rule.html",
        title=rule.title,
        rule=rule,
        kind=rule_kind(rule),
        may=may,
        priorities=priorities,
    )


@needs(Capability.VIEW)
def alarm_rule_trial(request: HttpRequest, pk: int) -> HttpResponse:
    """What the rule would have done in the last seven days."""
    viewer = request_viewer(request)
    rule = get_object_or_404(rules_visible(viewer), pk=pk)
    trial, fault = None, ""
    try:
        trial = rule_trial(rule, viewer=viewer)
    except ProblemError as error:
        fault = str(error.detail)
    return page(
        request,
        "portal/alarm_rule.html",
        title=rule.title,
        rule=rule,
        kind=rule_kind(rule),
        may=viewer.may(rule.domain, Capability.HANDLE),
        priorities=rule._meta.get_field("priority").flatchoices,
        trial=trial,
        fault=fault,
    )


@require_POST
@needs(Capability.HANDLE)
def alarm_rule_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the numbers of the form; a refusal is shown with its reason."""
    viewer = request_viewer(request)
    rule = get_object_or_404(rules_visible(viewer), pk=pk)
    return act(
        request,
        lambda: rule_change(rule, _wish(request), viewer=viewer),
        done=_("The rule is changed; it looks at its readings anew."),
        back=reverse("admin:alarm_rule", args=[pk]),
    )


def _wish(request: HttpRequest) -> dict[str, Any]:
    values: dict[str, Any] = {name: _number(request, name) for name in NUMBERS}
    for name, most in WHOLE.items():
        values[name] = int(_number(request, name, most=most))
    values["priority"] = int(_number(request, "priority", low=1, most=3))
    return {**values, "active": request.POST.get("active") == "yes"}


def _number(request: HttpRequest, name: str, *, low: float = 0, most: float | None = None) -> float:
    number = decimal_number(request.POST.get(name, ""))
    if number is None:
        raise ProblemError(_("Give a number."), name, code="type")
    if most is not None and not low <= number <= most:
        limits = {"low": low, "high": most}
        raise ProblemError(_("Give a number from %(low)g to %(high)g.") % limits, name, code="range")
    return number
