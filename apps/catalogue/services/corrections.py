"""Errors that consumers report (校核): the provider checks, and every consumer hears of the answer."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer
from apps.audit.services import Act, access_record
from apps.catalogue.data import DatasetKind, NoticeKind
from apps.catalogue.models import Correction, CorrectionState, Dataset
from apps.catalogue.selectors.entries import may_steward
from apps.catalogue.selectors.previews import model_of
from apps.catalogue.selectors.requests import requests_in_force
from apps.catalogue.services.entries import role_require
from apps.catalogue.services.notices import notices_send
from apps.core.errors import ProblemError
from apps.privacy.services import decide, visible_rows


@transaction.atomic
def correction_report(
    dataset: Dataset, *, object_id: str, field: str, remark: str, viewer: Viewer
) -> Correction:
    """Say that a field of a record is wrong. The reporter must be able to see it."""
    if field not in {str(item.get("name")) for item in dataset.items}:
        raise ProblemError(_("The entry has no field %(name)s.") % {"name": field[:60]}, "field")
    if not remark.strip():
        raise ProblemError(_("Say what is wrong."), "remark", code="required")
    if not _is_seen(dataset, object_id, field, viewer):
        raise ProblemError(_("There is no such record, or you may not see it."), "object_id", 404)
    row = Correction.objects.create(
        dataset=dataset,
        object_id=object_id[:64],
        field=field,
        remark=remark.strip()[:1000],
        reported_by_id=viewer.user_id or 0,
    )
    access_record(Act("correction", viewer.user_id, dataset.object_type, object_id[:64]))
    return row


def _is_seen(dataset: Dataset, object_id: str, field: str, viewer: Viewer) -> bool:
    if dataset.kind == DatasetKind.STREAM:
        return viewer.may(dataset.domain, "view")
    model = model_of(dataset)
    if model is None:
        return False
    try:
        found = visible_rows(viewer, model._default_manager.filter(pk=object_id)).exists()
    except (ValueError, OverflowError):
        return False
    return found and decide(viewer, dataset.object_type, field).outcome != "hidden"


@transaction.atomic
def correction_decide(row: Correction, *, accepted: bool, answer: str, viewer: Viewer) -> Correction:
    """The provider's answer, after the record itself has been put right where it was wrong.

    Every consumer of the entry is told of an accepted one, with the value as he may see it now.
    """
    role_require(allowed=may_steward(viewer, row.dataset.domain))
    if not answer.strip():
        raise ProblemError(_("Answer in a sentence."), "answer", code="required")
    row = Correction.objects.select_for_update(of=("self",)).select_related("dataset").get(pk=row.pk)
    if row.state != CorrectionState.REPORTED:
        raise ProblemError(_("This has been answered already."), "state", 409, "state")
    row.state = CorrectionState.ACCEPTED if accepted else CorrectionState.REJECTED
    row.answer, row.decided_by_id, row.decided_at = answer.strip()[:1000], viewer.user_id, timezone.now()
    row.save()
    if accepted:
        consumers = requests_in_force(dataset=row.dataset).select_related("client")
        notices_send(NoticeKind.CORRECTION, consumers, text="", correction=row)
    return row
