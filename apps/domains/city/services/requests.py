"""What becomes of a service request."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.core.errors import ProblemError
from apps.domains.city.models import RequestState, ServiceRequest

CHANGEABLE = ("category", "department", "state")


@transaction.atomic
def request_handle(request: ServiceRequest, *, viewer: Viewer, changes: dict[str, Any]) -> ServiceRequest:
    """Change category, department or state of a request; needs the capability ``handle``.

    Whose department deals with a request sees who brought it. So only that department hands it on or back,
    and anybody who handles requests may assign one that nobody deals with: ProblemError 403.
    """
    if not viewer.may("city", Capability.HANDLE):
        raise ProblemError(_("Your role may not handle requests; ask for the operator role."), "state", 403)
    stored = ServiceRequest.objects.select_for_update().get(pk=request.pk)
    owner, given = stored.department, changes.get("department", stored.department)
    if owner is not None and given != owner and owner.code != viewer.department:
        detail = _("Only the department that deals with the request hands it on: %(department)s.")
        raise ProblemError(detail % {"department": owner}, "department", 403)
    for name in CHANGEABLE:
        setattr(stored, name, changes.get(name, getattr(stored, name)))
    stored.clean()
    stored.closed_at = timezone.now() if stored.state == RequestState.CLOSED else None
    stored.save(update_fields=[*CHANGEABLE, "closed_at"])
    return stored
