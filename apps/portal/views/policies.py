"""The policy: its versions, what one of them changes, what last week would have been, and the acts on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from apps.accounts.data import Office
from apps.accounts.selectors import roles_all
from apps.core.errors import ProblemError
from apps.core.grades import Grade, Mask
from apps.core.quantities import listed
from apps.portal.selectors.rows import visible, visible_get
from apps.portal.selectors.titles import EVERY, field_title, object_title, purpose_title, rule_title
from apps.portal.views.acts import act
from apps.portal.views.page import PermissionRefused, page
from apps.privacy.data import VersionState
from apps.privacy.selectors.inforce import policy_compiled, policy_in_force
from apps.privacy.services import can_see
from apps.privacy.services.comparing import policy_changes, policy_faults
from apps.privacy.services.reasons import OUTCOMES
from apps.privacy.services.replaying import policy_replay
from apps.privacy.services.rest import request_viewer
from apps.privacy.services.rules import rule_choices, rule_fields
from apps.privacy.services.versions import (
    policy_approve,
    policy_draft,
    policy_propose,
    policy_withdraw,
    rule_put,
    rule_remove,
)

VERSION = "privacy.PolicyVersion"
OPEN = {VersionState.DRAFT, VersionState.PROPOSED}
MOST_LINES = 200


def policies(request: HttpRequest) -> HttpResponse:
    """The versions, the newest first, for the security administrators and the auditor."""
    viewer = request_viewer(request)
    if not can_see(viewer, VERSION):
        raise PermissionRefused(_("Your role does not allow this."))
    rows = visible(viewer, VERSION).select_related("author", "approver")
    in_force = next((row for row in rows if row.state == VersionState.IN_FORCE), None)
    may = viewer.office is Office.SECURITY
    title = _("Privacy policy")
    return page(request, "portal/policies.html", title=title, rows=rows, in_force=in_force, may=may)


def policy(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: its rules, what it changes against the policy in force, and last week under it."""
    return _policy_page(request, visible_get(request_viewer(request), VERSION, pk), fault=None)


def _policy_page(request: HttpRequest, version: Any, *, fault: ProblemError | None) -> HttpResponse:
    """The page; after a refusal with the reason above the form, and in it all that was filled in."""
    viewer, given = request_viewer(request), request.POST
    roles = {role.key: role.title for role in roles_all()}
    is_office, is_author = viewer.office is Office.SECURITY, version.author_id == viewer.user_id
    context: dict[str, Any] = {
        "version": version,
        "rules": [_rule(rule, roles) for rule in version.rules.order_by("order")],
        "may_edit": is_office and is_author and version.state == VersionState.DRAFT,
        "may_approve": is_office and not is_author and version.state == VersionState.PROPOSED,
        "may_withdraw": is_office and version.state in OPEN,
    }
    if version.state in OPEN:
        context |= _compared(version, roles)
    if context["may_edit"]:
        context |= {"choices": _choices(), "roles": roles.items(), "fault": fault}
        context |= {"given": given, "chosen": given.getlist("roles")}
    elif fault is not None:
        messages.error(request, str(fault.detail))
    title = _("Policy version %(number)d") % {"number": version.number}
    return page(request, "portal/policy.html", title=title, **context)


def _choices() -> dict[str, Any]:
    """What the form of a rule offers, in words: fields as people call them, and whose they are."""
    choices = rule_choices()
    names = [name for name, _name in choices["object_type"]]
    fields = defaultdict[str, list[str]](list)
    for object_type in names:
        for field in rule_fields(object_type):
            fields[field_title(object_type, field)].append(object_title(object_type))
    objects = [(name, title) for title, name in sorted((rule_title(name), name) for name in names)]
    listing = [(title, listed(dict.fromkeys(objects))) for title, objects in sorted(fields.items())]
    return {**choices, "object_type": objects, "field": listing}


def _rule(rule: Any, roles: Mapping[str, str]) -> dict[str, Any]:
    """A rule in words."""
    return {
        "row": rule,
        "object": rule_title(rule.object_type),
        "field": "" if rule.field == EVERY else field_title(rule.object_type, rule.field),
        "roles": [roles.get(key, key) for key in rule.roles],
        "purposes": [purpose_title(code) for code in rule.purposes],
    }


def _compared(version: Any, roles: Mapping[str, str]) -> dict[str, Any]:
    """What the version changes, its faults, and last week's requests under it."""
    old, new = policy_in_force(), policy_compiled(version)
    changes = policy_changes(old, new)
    replay = policy_replay(old, new)
    lines = [
        {
            "role": roles.get(change.role, change.role),
            "object": rule_title(change.object_type),
            "field": field_title(change.object_type, change.field),
            "clearance": change.clearance.name,
            "purpose": change.purpose,
            "before": OUTCOMES[change.before],
            "after": OUTCOMES[change.after],
            "narrows": change.narrows,
        }
        for change in changes[:MOST_LINES]
    ]
    groups = [
        {
            "roles": [roles.get(key, key) for key in group.roles],
            "object": rule_title(group.object_type),
            "requests": group.requests,
            "fields": [
                (field_title(group.object_type, name), OUTCOMES[before], OUTCOMES[after])
                for name, (before, after) in group.fields.items()
            ],
        }
        for group in replay.groups[:MOST_LINES]
    ]
    faults = policy_faults(old, new)
    return {"changes": lines, "count": len(changes), "faults": faults, "replay": replay, "groups": groups}


@require_POST
def policy_draft_start(request: HttpRequest) -> HttpResponse:
    """Start a draft."""
    viewer = request_viewer(request)
    return act(
        request,
        lambda: policy_draft(reason=request.POST.get("reason", ""), by=viewer),
        done=_("The draft has the rules in force; change them and propose it."),
        back=lambda draft: reverse("admin:policy", args=[draft.pk]) if draft else reverse("admin:policies"),
    )


@require_POST
def policy_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Add or replace a rule of a draft, or take one out."""
    viewer, given = request_viewer(request), request.POST
    version = visible_get(viewer, VERSION, pk)
    back = reverse("admin:policy", args=[pk])
    if "remove" in given:
        key = given["remove"]
        return act(
            request,
            lambda: rule_remove(version, key=key, by=viewer),
            done=_("The rule is taken out."),
            back=back,
        )
    try:
        rule_put(version, _values(given), by=viewer)
    except ProblemError as error:
        if error.status == PermissionRefused.STATUS:
            raise PermissionRefused(str(error.detail)) from error
        return _policy_page(request, version, fault=error)
    messages.success(request, _("The rule is in the draft."))
    return redirect(back)


def _values(given: QueryDict) -> dict[str, Any]:
    """The rule that the form describes."""
    return {
        **{name: given.get(name, "").strip() for name in ("key", "object_type", "effect", "note")},
        "field": _field_named(given.get("object_type", ""), given.get("field", "").strip()),
        "mask": given.get("mask", Mask.NONE.value),
        "least_grade": _grade(given.get("least_grade", "")),
        "roles": given.getlist("roles"),
        "purposes": given.get("purposes", "").replace(",", " ").split(),
    }


def _field_named(object_type: str, text: str) -> str:
    """The field by its code or as people call it, "" for every field; ProblemError names what there is."""
    known = {name: field_title(object_type, name) for name in rule_fields(object_type)}
    if text in {"", EVERY}:
        return EVERY
    if text in known or not known:
        return text
    found = [name for name, title in known.items() if title.casefold() == text.casefold()]
    if len(found) == 1:
        return found[0]
    offered = [f"{title} ({name})" for name, title in known.items() if not found or name in found]
    detail = _("The object type has no such field, or several; choose one of: %(known)s.")
    raise ProblemError(detail % {"known": listed(offered)}, "field", code="unknown")


def _grade(text: str) -> int:
    return int(text) if text in {str(grade.value) for grade in Grade} else Grade.L1.value


@require_POST
def policy_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose, approve or withdraw a version."""
    viewer, wish = request_viewer(request), request.POST.get("act", "")
    version = visible_get(viewer, VERSION, pk)
    if wish not in ACTS:
        raise Http404
    deed, done = ACTS[wish]
    back = reverse("admin:policy", args=[pk])
    return act(request, lambda: deed(version, by=viewer), done=done, back=back)


ACTS: dict[str, tuple[Callable[..., Any], Promise]] = {
    "propose": (policy_propose, gettext_lazy("Proposed: another security administrator can approve it now.")),
    "approve": (policy_approve, gettext_lazy("The version is in force; every page follows within seconds.")),
    "withdraw": (policy_withdraw, gettext_lazy("The version is withdrawn.")),
}
