"""The way of a policy version: drafted by one security administrator, put in force by another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Office, Viewer
from apps.accounts.services.sessions import approval_require, privileged_require
from apps.audit.services import Act, access_record
from apps.core.errors import ProblemError
from apps.privacy.data import VersionState
from apps.privacy.models import PolicyRule, PolicyVersion
from apps.privacy.selectors.inforce import IN_FORCE, policy_compiled, policy_in_force
from apps.privacy.services.comparing import policy_differs, policy_faults
from apps.privacy.services.rules import rule_values

OBJECT_TYPE = "privacy.PolicyVersion"


def require_security(viewer: Viewer) -> None:
    """ProblemError 403 for everybody but the security administrators."""
    if viewer.office is not Office.SECURITY:
        raise ProblemError(_("Only the security administrators change the policy."), "", 403)
    privileged_require(viewer)


@transaction.atomic
def policy_draft(*, reason: str, by: Viewer) -> PolicyVersion:
    """A new draft with the rules of the version in force."""
    require_security(by)
    if not reason.strip():
        raise ProblemError(_("State why the policy is to change."), "reason", code="required")
    last = PolicyVersion.objects.select_for_update().order_by("-number").first()
    draft = PolicyVersion.objects.create(
        number=last.number + 1 if last else 1, reason=reason.strip(), author_id=by.user_id
    )
    for rule in PolicyRule.objects.filter(version__state=VersionState.IN_FORCE):
        rule.pk, rule.version = None, draft
        rule.save(force_insert=True)
    _record("draft", draft, by)
    return draft


@transaction.atomic
def rule_put(version: PolicyVersion, values: Mapping[str, Any], *, by: Viewer) -> PolicyRule:
    """Add a rule to a draft, or replace the one with the same key; ProblemError names what does not fit."""
    _draft_lock(version, by)
    clean = rule_values(values)
    rule = PolicyRule.objects.filter(version=version, key=clean["key"]).first()
    rule = rule or PolicyRule(version=version, order=_next_order(version))
    for name, value in clean.items():
        setattr(rule, name, value)
    try:
        rule.full_clean()
    except ValidationError as error:
        name, texts = next(iter(error.message_dict.items()))
        raise ProblemError(texts[0], name) from error
    rule.save()
    return rule


@transaction.atomic
def rule_remove(version: PolicyVersion, *, key: str, by: Viewer) -> None:
    """Take a rule out of a draft; 404 when it has none with this key."""
    _draft_lock(version, by)
    deleted, _rows = PolicyRule.objects.filter(version=version, key=key).delete()
    if not deleted:
        raise ProblemError(_("The draft has no such rule."), "key", 404, "unknown")


@transaction.atomic
def policy_propose(version: PolicyVersion, *, by: Viewer) -> PolicyVersion:
    """Close the draft and show it to the other security administrators.

    Refused when it changes nothing or locks people out.
    """
    row = _draft_lock(version, by)
    _fitness_require(row)
    row.state, row.proposed_at = VersionState.PROPOSED, timezone.now()
    row.save(update_fields=["state", "proposed_at"])
    _record("propose", row, by)
    return row


@transaction.atomic
def policy_approve(version: PolicyVersion, *, by: Viewer) -> PolicyVersion:
    """Put a proposed version in force and retire the one before.

    ProblemError 403 for its author, 409 where it would lock everybody out of something, or is not proposed.
    Every process follows within a second, open sockets within ``LIVE_RIGHTS_SECONDS``.
    """
    require_security(by)
    row = _locked(version)
    if row.state != VersionState.PROPOSED:
        raise ProblemError(_("Only a proposed version can be approved."), "state", 409)
    if row.author_id == by.user_id:
        raise ProblemError(
            _("Nobody approves their own draft; ask another security administrator."), "approver", 403
        )
    approval_require(by)
    _fitness_require(row)
    now = timezone.now()
    PolicyVersion.objects.filter(state=VersionState.IN_FORCE).update(state=VersionState.RETIRED, ended_at=now)
    row.state, row.in_force_at, row.approver_id = VersionState.IN_FORCE, now, by.user_id
    row.save(update_fields=["state", "in_force_at", "approver"])
    _record("approve", row, by)
    transaction.on_commit(IN_FORCE.forget)
    return row


@transaction.atomic
def policy_withdraw(version: PolicyVersion, *, by: Viewer) -> PolicyVersion:
    """End a draft or a proposal, by its author or (as a refusal) by another security administrator."""
    require_security(by)
    row = _locked(version)
    if row.state not in {VersionState.DRAFT, VersionState.PROPOSED}:
        raise ProblemError(_("Only a draft or a proposal can be withdrawn."), "state", 409)
    row.state, row.ended_at = VersionState.WITHDRAWN, timezone.now()
    row.save(update_fields=["state", "ended_at"])
    _record("withdraw", row, by)
    return row


def _fitness_require(row: PolicyVersion) -> None:
    """ProblemError (409) where the version says what is in force already, or would lock people out."""
    old, new = policy_in_force(), policy_compiled(row)
    if not policy_differs(old, new):
        detail = _(
            "This version changes nothing against the policy in force; add, change or take out a rule."
        )
        raise ProblemError(detail, "rules", 409, "unchanged")
    faults = policy_faults(old, new)
    if faults:
        raise ProblemError(" ".join(faults), "rules", 409, "lockout")


def _locked(version: PolicyVersion) -> PolicyVersion:
    return PolicyVersion.objects.select_for_update().get(pk=version.pk)


def _draft_lock(version: PolicyVersion, by: Viewer) -> PolicyVersion:
    require_security(by)
    row = _locked(version)
    if row.state != VersionState.DRAFT:
        raise ProblemError(_("Only a draft can be changed; make a new one."), "state", 409)
    if row.author_id != by.user_id:
        raise ProblemError(_("Only its author changes a draft; make one of your own."), "author", 403)
    return row


def _next_order(version: PolicyVersion) -> int:
    last = PolicyRule.objects.filter(version=version).order_by("-order").first()
    return last.order + 1 if last else 1


def _record(action: str, version: PolicyVersion, by: Viewer) -> None:
    access_record(Act(action, by.user_id, OBJECT_TYPE, str(version.number)))
