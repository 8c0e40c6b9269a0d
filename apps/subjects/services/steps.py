"""What every step of a request begins and ends with."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer
from apps.core.errors import ProblemError
from apps.subjects.models import State, SubjectRequest
from apps.subjects.services.officers import act_record, officer_check


def request_locked(request_id: int, viewer: Viewer, *states: State) -> SubjectRequest:
    """The request for an officer, locked until the transaction ends; 409 in any other state than these."""
    officer_check(viewer)
    request = SubjectRequest.objects.select_for_update().get(pk=request_id)
    if request.state not in states:
        detail = _("The request is %(state)s; this step is not possible now.")
        raise ProblemError(detail % {"state": request.get_state_display()}, "state", 409, "state")
    return request


def second_person_check(request: SubjectRequest, viewer: Viewer) -> None:
    """Whoever checked the identity does not also change or delete the data: two people answer for it."""
    if request.checked_by_id == viewer.user_id:
        detail = _("You checked the identity yourself; another approver carries the request out.")
        raise ProblemError(detail, status=403, code="second_person")


def kind_check(request: SubjectRequest, *kinds: str) -> None:
    """409 where the person asked for something else."""
    if request.kind not in kinds:
        raise ProblemError(_("The person asked for something else: see the kind."), "kind", 409, "kind")


def choice_check(choices: Any, value: str, field: str) -> None:
    """400 for a value that is not among the choices."""
    if value not in choices.values:
        raise ProblemError(_("Choose one of: %(values)s.") % {"values": ", ".join(choices.values)}, field)


def confirmed_rows(request: SubjectRequest) -> dict[str, list[str]]:
    """The confirmed rows, ``"hospital.Patient" -> ids``; 409 when there is none."""
    rows = defaultdict[str, list[str]](list)
    for match in request.matches.filter(confirmed=True):
        rows[match.object_type].append(match.object_id)
    if not rows:
        detail = _("No row of the person is confirmed; refuse the request with the reason 'nothing held'.")
        raise ProblemError(detail, status=409, code="nothing")
    return dict(rows)


def domains_of(rows: dict[str, list[str]]) -> set[str]:
    """The domains that these rows belong to."""
    return {label.partition(".")[0] for label in rows}


def request_end(request: SubjectRequest, state: State, viewer: Viewer) -> SubjectRequest:
    """Close a request."""
    request.state, request.ended_at, request.ended_by_id = state, timezone.now(), viewer.user_id
    request.save()
    act_record("refuse" if state == State.REFUSED else "answer", viewer, request.pk)
    return request
