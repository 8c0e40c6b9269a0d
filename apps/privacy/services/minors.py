"""Approvals for minors' data: asked by staff, decided by a responsible person, ended by time or at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.data import Capability, Viewer
from apps.accounts.selectors import approver_roles, approvers_of
from apps.accounts.services import access_grants_end
from apps.accounts.services.sessions import approval_require
from apps.audit.services import Act, access_record
from apps.core.domains import domain_get
from apps.core.errors import ProblemError
from apps.core.quantities import listed
from apps.privacy.data import Decision
from apps.privacy.models import MinorsRequest
from apps.privacy.models.minors import RequestState
from apps.privacy.policy.grades import domain_of, object_types
from apps.privacy.services.granting import (
    MINORS_LONGEST,
    Access,
    access_ask,
    access_give,
    fields_closed,
    minors_fields,
)
from apps.privacy.services.purposes import purposes_of_domain


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks to see."""

    object_type: str
    purpose: str
    reason: str
    until: datetime
    fields: Sequence[str] = ()
    objects_only: Sequence[str] = ()


def minors_kinds() -> dict[str, list[str]]:
    """Object type -> its fields that say something about a minor."""
    found = {object_type: minors_fields(object_type) for object_type in object_types()}
    return {object_type: names for object_type, names in found.items() if names}


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody may ask of a kind of record: the fields that an approval would open, and for what."""

    object_type: str
    fields: list[str]
    closed: dict[str, Decision]  # the others, with the reason
    purposes: dict[str, Any]


def minors_offers(viewer: Viewer) -> list[Offer]:
    """For each kind of record of the viewer's domains that holds minors' data."""
    kinds = sorted(minors_kinds().items())
    return [_offer(viewer, label, names) for label, names in kinds if domain_of(label) in viewer.domains]


def _offer(viewer: Viewer, object_type: str, names: list[str]) -> Offer:
    purposes, until = purposes_of_domain(domain_of(object_type)), timezone.now() + MINORS_LONGEST
    closed = [fields_closed(viewer, Access(object_type, code, until, names)) for code in purposes]
    never = {name: closed[0][name] for name in names if all(name in found for found in closed)}
    return Offer(object_type, [name for name in names if name not in never], never, purposes)


@transaction.atomic
def minors_request_make(viewer: Viewer, wish: Wish) -> MinorsRequest:
    """Ask for an approval; ProblemError names what is missing or not allowed."""
    domain = domain_of(wish.object_type)
    _wish_check(viewer, wish)
    row = MinorsRequest.objects.create(
        domain=domain,
        asked_by_id=viewer.user_id or 0,
        object_type=wish.object_type,
        purpose=wish.purpose,
        reason=wish.reason.strip(),
        until=wish.until,
        fields=list(wish.fields),
        objects_only=list(wish.objects_only),
    )
    _record(row, viewer, "request")
    return row


def _wish_check(viewer: Viewer, wish: Wish) -> None:
    known = minors_kinds().get(wish.object_type)
    if known is None:
        raise ProblemError(_("Choose a kind of record that holds minors' data."), "object_type")
    if (
        viewer.office is not None
        or viewer.vendor
        or not viewer.may(domain_of(wish.object_type), Capability.VIEW)
    ):
        raise ProblemError(_("Your role does not allow this."), "object_type", 403)
    if not set(wish.fields) <= set(known):
        raise ProblemError(_("Choose from the fields of this kind of record."), "fields")
    purposes = purposes_of_domain(domain_of(wish.object_type))
    if wish.purpose not in purposes:
        offered = listed([f"{title} ({code})" for code, title in purposes.items()])
        detail = _("State the purpose for which the data are needed, one of: %(known)s.")
        raise ProblemError(detail % {"known": offered}, "purpose")
    if not wish.reason.strip():
        raise ProblemError(_("Say why the data are needed."), "reason")
    if not timezone.now() < wish.until <= timezone.now() + MINORS_LONGEST:
        raise ProblemError(_("The access must end within 30 days from now."), "until")
    access_ask(viewer, _access(wish))
    _approver_require(domain_of(wish.object_type), viewer)


def _approver_require(domain: str, viewer: Viewer) -> None:
    """ProblemError (403) where nobody could decide: a request would wait for ever."""
    if approvers_of(domain).exclude(pk=viewer.user_id or 0).exists():
        return
    detail = _(
        "Nobody else could decide on this: the domain “%(domain)s” has no other approver. Ask the security"
        " administrator to appoint one (%(roles)s)."
    )
    names = {
        "domain": domain_get(domain).title,
        "roles": listed(approver_roles(domain)) or f"{domain}-approver",
    }
    raise ProblemError(detail % names, "object_type", 403, "no_approver")


def _access(wish: Wish | MinorsRequest) -> Access:
    """What an approval opens."""
    return Access(wish.object_type, wish.purpose, wish.until, wish.fields, wish.objects_only)


@transaction.atomic
def minors_request_decide(
    row: MinorsRequest, *, viewer: Viewer, approve: bool, note: str = ""
) -> MinorsRequest:
    """Approve or refuse, by an approver of the domain who is not the asker and has just confirmed."""
    row = MinorsRequest.objects.select_for_update().get(pk=row.pk)
    _decider_check(row, viewer)
    if row.state == RequestState.WITHDRAWN:
        raise ProblemError(_("The request was withdrawn by the person who asked."), "state", 409)
    if row.state != RequestState.ASKED:
        raise ProblemError(_("This request was decided already."), "state", 409)
    if not approve and not note.strip():
        raise ProblemError(_("Say why you refuse."), "note")
    row.state = RequestState.APPROVED if approve else RequestState.REFUSED
    row.decided_by_id, row.decided_at, row.decision_note = viewer.user_id, timezone.now(), note.strip()
    row.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])
    if approve:
        access_give(row.asked_by_id, _access(row), basis=row.basis, viewer=viewer)
    _record(row, viewer, "grant" if approve else "refuse")
    return row


@transaction.atomic
def minors_request_withdraw(row: MinorsRequest, *, viewer: Viewer) -> MinorsRequest:
    """Take one's own request back while nobody has decided on it."""
    row = MinorsRequest.objects.select_for_update().get(pk=row.pk)
    if row.asked_by_id != viewer.user_id:
        raise ProblemError(_("Only the person who asked withdraws a request."), "user", 403)
    if row.state != RequestState.ASKED:
        raise ProblemError(_("Only a request that still waits can be withdrawn."), "state", 409)
    row.state = RequestState.WITHDRAWN
    row.save(update_fields=["state"])
    _record(row, viewer, "withdraw")
    return row


@transaction.atomic
def minors_request_end(row: MinorsRequest, *, viewer: Viewer) -> MinorsRequest:
    """End an approval at once, for every exit."""
    row = MinorsRequest.objects.select_for_update().get(pk=row.pk)
    _decider_check(row, viewer)
    if row.state != RequestState.APPROVED:
        raise ProblemError(_("Only an approved request can be ended."), "state", 409)
    row.state = RequestState.ENDED
    row.save(update_fields=["state"])
    access_grants_end(basis=row.basis)
    _record(row, viewer, "recall")
    return row


def _decider_check(row: MinorsRequest, viewer: Viewer) -> None:
    if row.asked_by_id == viewer.user_id:
        raise ProblemError(_("Nobody decides on their own request; ask another approver."), "user", 403)
    if viewer.vendor or not viewer.may(row.domain, Capability.APPROVE):
        raise ProblemError(_("Your role does not allow this."), status=403)
    approval_require(viewer)


def _record(row: MinorsRequest, viewer: Viewer, action: str) -> None:
    access_record(
        Act(
            action,
            user_id=viewer.user_id,
            object_type=row.object_type,
            object_id=row.objects_only[0][:64] if len(row.objects_only) == 1 else "",
            objects=tuple(row.objects_only),
            fields=tuple(row.fields),
            purpose=f"{row.purpose} {row.basis}",
        )
    )
