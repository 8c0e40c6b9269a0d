"""What becomes of a service request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.core.errors import ProblemError
from apps.core.texts import text_is_storable
from apps.domains.city.models import ReplyKind, RequestReply, RequestState, ServiceRequest
from apps.privacy.services import visible_rows

CHANGEABLE = ("category", "department", "state")
LONGEST_REPLY = 4000


@transaction.atomic
def request_handle(
    request: ServiceRequest,
    *,
    viewer: Viewer,
    changes: Mapping[str, Any],
    read: Mapping[str, str | None] | None = None,
) -> ServiceRequest:
    """Change category, department or state of a request; needs the capability ``handle``.

    ``read`` is what ``request_read`` gave when the caller looked, or a part of it: if somebody has changed
    that since then, nothing is written: ProblemError 409.
    """
    stored = _locked(request, viewer)
    now = request_read(stored)
    if any(now.get(name) != (value or "") for name, value in (read or {}).items()):
        raise ProblemError(
            _("Somebody has changed this request since you opened it."), "state", 409, "changed"
        )
    request_check(stored, viewer=viewer, changes=changes)
    for name in CHANGEABLE:
        setattr(stored, name, changes.get(name, getattr(stored, name)))
    stored.clean()
    stored.closed_at = timezone.now() if stored.state == RequestState.CLOSED else None
    stored.save(update_fields=[*CHANGEABLE, "closed_at"])
    return stored


def request_check(stored: ServiceRequest, *, viewer: Viewer, changes: Mapping[str, Any]) -> None:
    """ProblemError 403 where the viewer may not make these changes.

    Whose department deals with a request sees who brought it. So only that department hands it on or back,
    and anybody who handles requests may assign one that nobody deals with.
    """
    _require(viewer, "state")
    held = department_held(stored, viewer=viewer)
    if held and changes.get("department", stored.department) != stored.department:
        raise ProblemError(held, "department", 403)


def department_held(stored: ServiceRequest, *, viewer: Viewer) -> str:
    """Why the viewer may not hand the request on; "" where they may."""
    owner = stored.department
    if owner is None or owner.code == viewer.department:
        return ""
    detail = _("Only the department that deals with the request hands it on: %(department)s.")
    return detail % {"department": owner}


def request_read(request: ServiceRequest) -> dict[str, str]:
    """What can be changed of a request, as somebody reads it now."""
    return {
        "category": request.category,
        "department": str(request.department_id or ""),
        "state": request.state,
    }


@transaction.atomic
def reply_write(request: ServiceRequest, *, kind: str, text: str, viewer: Viewer) -> RequestReply:
    """Add a note for colleagues, or the answer that the caller got; needs the capability ``handle``.

    The answer comes from the department that deals with the request. ProblemError names what does not fit.
    """
    stored = _locked(request, viewer)
    _require(viewer, "text")
    if kind not in ReplyKind.values:
        raise ProblemError(
            _("Choose a note for colleagues or an answer to the caller."), "kind", code="choice"
        )
    _text_check(text)
    owner = stored.department
    if stored.state == RequestState.CLOSED:
        raise ProblemError(_("A closed request cannot be changed; open a new one."), "state", 409, "closed")
    if kind == ReplyKind.ANSWER and (owner is None or owner.code != viewer.department):
        detail = _("Only the department that deals with the request answers the caller.")
        raise ProblemError(detail, "kind", 403, "department")
    return RequestReply.objects.create(
        request=stored, kind=kind, text=text.strip(), written_by_id=viewer.user_id or 0
    )


def _text_check(text: str) -> None:
    if not text.strip():
        raise ProblemError(_("Write what there is to say."), "text", code="missing")
    if len(text) > LONGEST_REPLY or not text_is_storable(text):
        detail = _("A reply has at most %(most)d characters of text.") % {"most": LONGEST_REPLY}
        raise ProblemError(detail, "text", code="too_long")


def _locked(request: ServiceRequest, viewer: Viewer) -> ServiceRequest:
    """The request as it is now, locked; ProblemError 404 where the viewer may not know of it."""
    rows = visible_rows(viewer, ServiceRequest.objects.filter(pk=request.pk))
    stored = rows.select_for_update(of=("self",)).select_related("department").first()
    if stored is None:
        raise ProblemError(_("There is no such request, or you may not know of it."), "id", 404, "unknown")
    return stored


def _require(viewer: Viewer, field: str) -> None:
    if not viewer.may("city", Capability.HANDLE):
        raise ProblemError(_("Your role may not handle requests; ask for the operator role."), field, 403)
