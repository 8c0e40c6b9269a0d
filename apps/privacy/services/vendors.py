"""Contractors: real rows of one object type for an open ticket and some hours, given by an approver."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.data import Capability, Viewer
from apps.accounts.selectors import user_get
from apps.accounts.services import access_grants_end
from apps.accounts.services.sessions import approval_require
from apps.audit.services import Act, access_record
from apps.core.errors import ProblemError
from apps.privacy.data import SUPPORT
from apps.privacy.policy.grades import domain_of, domain_slugs, object_types
from apps.privacy.services.granting import VENDORS_LONGEST, Access, access_give

LONGEST_HOURS = VENDORS_LONGEST // timedelta(hours=1)
TICKET_SIGNS = 40


def basis_of(ticket: str) -> str:
    """What the access grants of a ticket rest on."""
    return f"ticket:{ticket.strip()}"


@transaction.atomic
def vendor_access_give(user_id: int, *, object_type: str, ticket: str, hours: int, viewer: Viewer) -> None:
    """Let a contractor use real rows of one object type until the hours are over; recorded.

    ProblemError 403 unless the viewer approves in the domain and has just confirmed that it is them.
    """
    if object_type not in object_types() or domain_of(object_type) not in domain_slugs():
        raise ProblemError(_("Choose a kind of record."), "object_type")
    _giver_check(viewer, object_type)
    user = user_get(user_id)
    if user is None or not user.vendor:
        raise ProblemError(_("Choose a contractor with an active account."), "user")
    if not ticket.strip() or len(ticket) > TICKET_SIGNS:
        raise ProblemError(_("Enter the number of the ticket or case (at most 40 characters)."), "ticket")
    if not 1 <= hours <= LONGEST_HOURS:
        raise ProblemError(_("Give one to eight hours."), "hours")
    until, basis = timezone.now() + timedelta(hours=hours), basis_of(ticket)
    access_give(user_id, Access(object_type, SUPPORT, until), basis=basis, viewer=viewer)
    _record(viewer, object_type, "grant", f"{basis} {user.pk}")


@transaction.atomic
def vendor_access_end(*, object_type: str, ticket: str, viewer: Viewer) -> int:
    """The ticket is closed: what rested on it ends at once, for every exit; returns how many grants."""
    _giver_check(viewer, object_type)
    _record(viewer, object_type, "recall", basis_of(ticket))
    return access_grants_end(basis=basis_of(ticket))


def _giver_check(viewer: Viewer, object_type: str) -> None:
    if viewer.vendor or not viewer.may(domain_of(object_type), Capability.APPROVE):
        raise ProblemError(_("Your role does not allow this."), status=403)
    approval_require(viewer)


def _record(viewer: Viewer, object_type: str, action: str, basis: str) -> None:
    access_record(
        Act(action, user_id=viewer.user_id, object_type=object_type, purpose=f"{SUPPORT} {basis}"[:80])
    )
