"""The life of a request up to its decision: asked, stopped and resumed, refused, disputed, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer
from apps.audit.services import Act, access_record
from apps.catalogue.data import WAITING, DatasetState, Purpose, Refusal, RequestState, Sharing
from apps.catalogue.models import AccessRequest, ApiClient, Dataset, RequestEvent
from apps.catalogue.selectors.days import working_days_after, working_days_between
from apps.catalogue.selectors.requests import may_decide, reply_days
from apps.catalogue.services.entries import approver_require, role_require
from apps.core.divisions import division_require
from apps.core.errors import ProblemError
from apps.core.moments import day_read
from apps.core.numbers import whole_number
from apps.privacy.services.granting import Access, access_ask

MOST_TEXT = 1000
TEXTS = ("purpose_text", "legal_basis")


@transaction.atomic
def request_submit(dataset: Dataset, *, values: Mapping[str, Any], viewer: Viewer) -> AccessRequest:
    """Ask for fields of a published entry; the reply is due by the working-day clock of its sharing type.

    ``values``: fields, place, purpose, purpose_text, legal_basis, until (a date), client (its client id or
    its number, or none).
    """
    role_require(allowed=bool(viewer.domains or viewer.grants) and not viewer.is_program)
    if dataset.state != DatasetState.PUBLISHED:
        detail = _(
            "This entry is not published, so nothing can be asked of it now. The department that provides it"
            " publishes it on the entry's page in the catalogue, %(address)s; ask that department."
        )
        raise ProblemError(detail % {"address": reverse("admin:catalogue")}, "dataset", 409)
    if dataset.sharing == Sharing.NOT_SHARED:
        detail = _("These data are not shared: %(law)s") % {"law": dataset.legal_basis}
        raise ProblemError(detail, "dataset", 409, "not_shared")
    made = AccessRequest(
        dataset=dataset,
        applicant_id=viewer.user_id or 0,
        client=_client(values.get("client"), viewer),
        fields=_fields(dataset, values.get("fields") or []),
        place=division_require(str(values.get("place") or "").strip(), field="place"),
        purpose=_purpose(values.get("purpose")),
        until=_until(values.get("until")),
        due_on=working_days_after(timezone.localdate(), reply_days(dataset.sharing)),
        **{name: _text(values, name) for name in TEXTS},
    )
    access_ask(viewer, access_of(made, object_type=dataset.object_type))
    made.save()
    request_note(made, "submitted", viewer)
    access_record(Act("request", viewer.user_id, "catalogue.AccessRequest", str(made.pk), made.purpose))
    return made


def access_of(request: AccessRequest, *, object_type: str) -> Access:
    """What an approval of the request opens."""
    dataset, until = request.dataset, request.until
    return Access(
        object_type,
        request.purpose,
        until,
        fields=request.fields,
        place=request.place,
        domain=dataset.domain,
    )


def _client(given: Any, viewer: Viewer) -> ApiClient | None:
    if not given:
        return None
    number = given if isinstance(given, int) else whole_number(given)
    named = Q(application__client_id=given) if number is None else Q(pk=number)
    found = ApiClient.objects.filter(named, owner=viewer.user_id, active=True).first()
    if found is None:
        raise ProblemError(_("Choose one of your own programs."), "client")
    return found


def _fields(dataset: Dataset, given: Any) -> list[str]:
    known = {str(item.get("name")) for item in dataset.items}
    wanted = [str(name) for name in given]
    if not wanted:
        raise ProblemError(_("Choose at least one field, and no more than the purpose needs."), "fields")
    for name in wanted:
        if name not in known:
            raise ProblemError(_("The entry has no field %(name)s.") % {"name": name[:60]}, "fields")
    return wanted


def _purpose(given: Any) -> str:
    if given not in Purpose.values:
        raise ProblemError(_("Choose the purpose for which the data are needed."), "purpose")
    return str(given)


def _text(values: Mapping[str, Any], name: str) -> str:
    text = str(values.get(name) or "").strip()
    if not text:
        raise ProblemError(_("This is needed for a decision; write it down."), name, code="required")
    return text[:MOST_TEXT]


def _until(given: Any) -> Any:
    day = given if isinstance(given, date) else day_read(given)
    latest = timezone.localdate() + timedelta(days=settings.SHARING_LONGEST_DAYS)
    if day is None or not timezone.localdate() < day <= latest:
        detail = _("Give a last day between tomorrow and %(latest)s.")
        raise ProblemError(detail % {"latest": latest.isoformat()}, "until", code="range")
    end = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return end.replace(year=day.year, month=day.month, day=day.day) + timedelta(days=1)


def request_note(request: AccessRequest, act: str, viewer: Viewer | None, note: str = "") -> None:
    """Write down one step."""
    by = viewer.user_id if viewer else None
    RequestEvent.objects.create(request=request, act=act, by_id=by, note=note[:MOST_TEXT])


def request_taken(request: AccessRequest, states: tuple[str, ...]) -> AccessRequest:
    """The request locked, in one of these states; ProblemError 409 where somebody was quicker."""
    rows = AccessRequest.objects.select_for_update(of=("self",)).select_related("dataset")
    row = rows.get(pk=request.pk)
    if row.state not in states:
        detail = _("The request is “%(state)s” by now; this step is no longer possible.")
        raise ProblemError(detail % {"state": row.get_state_display()}, "state", 409, "state")
    return row


def reason_given(text: str) -> str:
    """The reason, which must not be empty."""
    if not text.strip():
        raise ProblemError(_("Say why."), "reason", code="required")
    return text.strip()[:MOST_TEXT]


@transaction.atomic
def request_pause(request: AccessRequest, *, reason: str, viewer: Viewer) -> AccessRequest:
    """Stop the clock, with a reason, for instance while the applicant completes the request."""
    row = request_taken(request, (RequestState.SUBMITTED,))
    approver_require(viewer, allowed=may_decide(viewer, row))
    row.state, row.paused_on = RequestState.PAUSED, timezone.localdate()
    row.save(update_fields=["state", "paused_on"])
    request_note(row, "paused", viewer, reason_given(reason))
    return row


@transaction.atomic
def request_resume(request: AccessRequest, *, viewer: Viewer) -> AccessRequest:
    """Let the clock run on: the due date moves by the working days that it stood."""
    row = request_taken(request, (RequestState.PAUSED,))
    role_require(allowed=may_decide(viewer, row) or viewer.user_id == row.applicant_id)
    today = timezone.localdate()
    stood = working_days_between(row.paused_on or today, today)
    row.due_on = working_days_after(row.due_on, stood) if stood > 0 else row.due_on
    row.state, row.paused_on = RequestState.SUBMITTED, None
    row.save(update_fields=["state", "paused_on", "due_on"])
    request_note(row, "resumed", viewer)
    return row


@transaction.atomic
def request_refuse(request: AccessRequest, *, refusal: str, reason: str, viewer: Viewer) -> AccessRequest:
    """Refuse with a reason code and a sentence; without both the request stays open."""
    row = request_taken(request, WAITING)
    approver_require(viewer, allowed=may_decide(viewer, row))
    if refusal not in Refusal.values:
        raise ProblemError(_("Choose the reason of the refusal."), "refusal")
    row.state, row.refusal, row.reason = RequestState.REFUSED, refusal, reason_given(reason)
    row.decided_by_id, row.decided_at = viewer.user_id, timezone.now()
    row.save()
    request_note(row, "refused", viewer, row.reason)
    access_record(Act("refuse", viewer.user_id, "catalogue.AccessRequest", str(row.pk), row.purpose))
    return row


@transaction.atomic
def request_dispute(request: AccessRequest, *, reason: str, viewer: Viewer) -> AccessRequest:
    """The applicant does not accept a refusal: the data bureau decides."""
    row = request_taken(request, (RequestState.REFUSED,))
    role_require(allowed=viewer.user_id == row.applicant_id)
    row.state = RequestState.DISPUTED
    row.save(update_fields=["state"])
    request_note(row, "disputed", viewer, reason_given(reason))
    return row
