"""What becomes of a service request."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.core.errors import ProblemError
from apps.domains.city.models import RequestState, ServiceRequest

# Back one step is allowed: call-back finds that nothing was done, or the wrong department was chosen.
NEXT: dict[str, frozenset[str]] = {
    RequestState.RECEIVED: frozenset({RequestState.ASSIGNED}),
    RequestState.ASSIGNED: frozenset({RequestState.RECEIVED, RequestState.HANDLED}),
    RequestState.HANDLED: frozenset({RequestState.ASSIGNED, RequestState.CLOSED}),
    RequestState.CLOSED: frozenset(),
}
CHANGEABLE = ("category", "department", "state")


@transaction.atomic
def request_handle(request: ServiceRequest, *, viewer: Viewer, changes: dict[str, Any]) -> ServiceRequest:
    """Change category, department or state of a request; needs the capability ``handle``."""
    if not viewer.may("city", Capability.HANDLE):
        raise ProblemError(_("Your role may not handle requests; ask for the operator role."), "state", 403)
    stored = ServiceRequest.objects.select_for_update().get(pk=request.pk)
    request_change_check(stored, changes=changes)
    for name in CHANGEABLE:
        setattr(stored, name, changes.get(name, getattr(stored, name)))
    stored.closed_at = timezone.now() if stored.state == RequestState.CLOSED else None
    stored.save(update_fields=[*CHANGEABLE, "closed_at"])
    return stored


def request_change_check(stored: ServiceRequest, *, changes: dict[str, Any]) -> None:
    """Refuse a state that does not follow, and work without a department to do it."""
    state = changes.get("state", stored.state)
    if stored.state == RequestState.CLOSED and changes:
        raise ProblemError(_("A closed request cannot be changed; open a new one."), "state", 409)
    if state != stored.state and state not in NEXT[stored.state]:
        raise ProblemError(
            _("A request cannot go from %(old)s to %(new)s.") % {"old": stored.state, "new": state},
            "state",
            409,
        )
    if state != RequestState.RECEIVED and changes.get("department", stored.department) is None:
        raise ProblemError(_("Choose the department that deals with the request."), "department")
