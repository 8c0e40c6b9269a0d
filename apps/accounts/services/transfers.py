"""Moving a person to another department or division: entered by one administrator, decided by another."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Office, Viewer
from apps.accounts.models import Department, Division, Transfer, User
from apps.accounts.services.sessions import privileged_require
from apps.core.errors import ProblemError


@transaction.atomic
def transfer_ask(
    user: User, *, department: Department | None, division: Division | None, viewer: Viewer
) -> Transfer:
    """Enter a move; nothing changes until a security administrator approves it. A later one replaces it."""
    _office_require(viewer, Office.SYSTEM, user)
    Transfer.objects.filter(user=user, decided_at=None).delete()
    return Transfer.objects.create(
        user=user, department=department, division=division, asked_by_id=viewer.user_id or 0
    )


@transaction.atomic
def transfer_decide(transfer: Transfer, *, approve: bool, viewer: Viewer) -> Transfer:
    """Let the move take effect, or refuse it; 403 for whoever entered it and for the person themselves."""
    row = Transfer.objects.select_for_update(of=("self",)).select_related("user").get(pk=transfer.pk)
    _office_require(viewer, Office.SECURITY, row.user)
    if row.asked_by_id == viewer.user_id:
        raise ProblemError(_("You entered this move; another administrator decides."), "user", 403)
    if row.decided_at is not None:
        raise ProblemError(_("This move was decided already."), "user", 409)
    row.decided_by_id, row.decided_at, row.approved = viewer.user_id, timezone.now(), approve
    row.save(update_fields=["decided_by", "decided_at", "approved"])
    if approve:
        row.user.department, row.user.division = row.department, row.division
        row.user.save(update_fields=["department", "division"])
    return row


def _office_require(viewer: Viewer, office: Office, user: User) -> None:
    if viewer.office is not office:
        raise ProblemError(_("Your role does not allow this."), status=403, code="role")
    if viewer.user_id == user.pk:
        raise ProblemError(_("Nobody moves themselves; ask another administrator."), "user", 403)
    privileged_require(viewer)
