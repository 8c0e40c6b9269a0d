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
    """Change category, department or state of a request; needs the capability ``handle``."""
    if not viewer.may("city", Capability.HANDLE):
        raise ProblemError(_("Your role may not handle requests; ask for the operator role."), "state", 403)
    stored = ServiceRequest.objects.select_for_update().get(pk=request.pk)
    for name in CHANGEABLE:
        setattr(stored, name, changes.get(name, getattr(stored, name)))
    stored.clean()
    stored.closed_at = timezone.now() if stored.state == RequestState.CLOSED else None
    stored.save(update_fields=[*CHANGEABLE, "closed_at"])
    return stored
