"""What a decision permits, and how it ends: approval, provision, expiry, recall."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer
from apps.accounts.services import access_grants_end
from apps.audit.services import Act, access_record
from apps.catalogue.data import WAITING, DatasetKind, DatasetState, Method, NoticeKind, RequestState
from apps.catalogue.models import AccessRequest, Dataset
from apps.catalogue.selectors.days import working_days_after
from apps.catalogue.selectors.entries import is_bureau
from apps.catalogue.selectors.requests import may_decide, may_judge
from apps.catalogue.services.entries import approver_require, role_require
from apps.catalogue.services.notices import notices_send
from apps.catalogue.services.requests import access_of, reason_given, request_note, request_taken
from apps.core.errors import ProblemError
from apps.privacy.services.granting import access_give


@transaction.atomic
def request_approve(request: AccessRequest, *, viewer: Viewer, note: str = "") -> AccessRequest:
    """Approve: the grant holds from now until the end of the request, for every exit."""
    row = request_taken(request, WAITING)
    approver_require(viewer, allowed=may_decide(viewer, row))
    return _grant(row, viewer, note)


@transaction.atomic
def dispute_decide(request: AccessRequest, *, upheld: bool, reason: str, viewer: Viewer) -> AccessRequest:
    """The data bureau's word on a dispute: the applicant gets the data, or the refusal stands."""
    row = request_taken(request, (RequestState.DISPUTED,))
    approver_require(viewer, allowed=may_judge(viewer, row))
    if upheld:
        return _grant(row, viewer, reason_given(reason))
    row.state = RequestState.REFUSED
    row.save(update_fields=["state"])
    request_note(row, "dispute_lost", viewer, reason_given(reason))
    return row


def _grant(row: AccessRequest, viewer: Viewer, note: str) -> AccessRequest:
    if row.dataset.state != DatasetState.PUBLISHED:
        raise ProblemError(_("The entry is not published any more."), "dataset", 409)
    now = timezone.now()
    row.state, row.decided_by_id, row.decided_at = RequestState.APPROVED, viewer.user_id, now
    if row.dataset.method == Method.FILE:
        row.provide_on = working_days_after(timezone.localdate(), settings.SHARING_DAYS["provide"])
    else:
        row.provided_at = now  # the grant itself is the provision
    row.refusal = row.reason = ""
    row.save()
    access = access_of(row, object_type=granted_type(row.dataset))
    access_give(row.applicant_id, access, basis=row.basis, viewer=viewer)
    request_note(row, "approved", viewer, note)
    access_record(Act("grant", viewer.user_id, "catalogue.AccessRequest", str(row.pk), row.purpose))
    return row


def granted_type(dataset: Dataset) -> str:
    """The object type of the grant.

    A kind of reading is granted under its own code: a grant on observations as such would open every
    domain's. Readings therefore need a role that may look into the domain; the token narrows it.
    """
    return dataset.code if dataset.kind == DatasetKind.STREAM else dataset.object_type


@transaction.atomic
def request_provide(request: AccessRequest, *, viewer: Viewer) -> AccessRequest:
    """Say that the file has been handed over."""
    row = request_taken(request, (RequestState.APPROVED,))
    approver_require(viewer, allowed=may_decide(viewer, row))
    row.provided_at = timezone.now()
    row.save(update_fields=["provided_at"])
    request_note(row, "provided", viewer)
    return row


@transaction.atomic
def request_withdraw(request: AccessRequest, *, viewer: Viewer) -> AccessRequest:
    """The applicant needs the data no longer."""
    row = request_taken(request, (*WAITING, RequestState.DISPUTED, RequestState.APPROVED))
    role_require(allowed=viewer.user_id == row.applicant_id)
    _end(row, RequestState.WITHDRAWN)
    request_note(row, "withdrawn", viewer)
    return row


@transaction.atomic
def request_recall(request: AccessRequest, *, reason: str, viewer: Viewer) -> AccessRequest:
    """Take the data back: access ends with the commit, the consumer is told and must acknowledge."""
    row = request_taken(request, (RequestState.APPROVED,))
    approver_require(viewer, allowed=may_decide(viewer, row) or is_bureau(viewer))
    text = reason_given(reason)
    row.reason = text
    _end(row, RequestState.RECALLED)
    request_note(row, "recalled", viewer, text)
    access_record(Act("recall", viewer.user_id, "catalogue.AccessRequest", str(row.pk), row.purpose))
    notices_send(NoticeKind.RECALL, [row], text=text)
    return row


@transaction.atomic
def dataset_recall(dataset: Dataset, *, reason: str, viewer: Viewer) -> int:
    """Recall every approved request of an entry; returns how many lost access."""
    rows = AccessRequest.objects.filter(dataset=dataset, state=RequestState.APPROVED)
    return len([request_recall(row, reason=reason, viewer=viewer) for row in rows])


def requests_expire() -> int:
    """End what has run out; the grants' own dates have ended the access already."""
    due = AccessRequest.objects.filter(state=RequestState.APPROVED, until__lte=timezone.now())
    return sum(_expire(row) for row in due)


@transaction.atomic
def _expire(row: AccessRequest) -> bool:
    row = AccessRequest.objects.select_for_update().get(pk=row.pk)
    if row.state != RequestState.APPROVED:
        return False
    _end(row, RequestState.EXPIRED)
    request_note(row, "expired", None)
    return True


def _end(row: AccessRequest, state: RequestState) -> None:
    row.state, row.ended_at = state, timezone.now()
    row.save(update_fields=["state", "ended_at", "reason"])
    access_grants_end(basis=row.basis)
