"""The life of an entry: edited, reviewed by a second person, published when nothing is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.accounts.services.sessions import approval_require, privileged_require
from apps.audit.services import Act, access_record
from apps.catalogue.data import DatasetState
from apps.catalogue.models import Dataset, ImpactAssessment
from apps.catalogue.selectors.entries import field_named, may_steward, missing_of
from apps.core.errors import ProblemError
from apps.core.quantities import titled

EDITABLE = (
    *("name_zh", "name_en", "class_category", "class_item", "class_name", "class_detail", "provider_code"),
    *("abstract", "format", "sharing", "condition", "legal_basis", "method", "openness", "update_cycle"),
    *("related", "notice", "notice_minor"),
)
KEPT = timedelta(days=3 * 366)  # PIPL 56, NDR 12
STEPS = {  # state -> states that may come before it
    DatasetState.REVIEWED: (DatasetState.DRAFT,),
    DatasetState.PUBLISHED: (DatasetState.REVIEWED, DatasetState.SUSPENDED),
    DatasetState.SUSPENDED: (DatasetState.PUBLISHED,),
    DatasetState.WITHDRAWN: (DatasetState.PUBLISHED, DatasetState.SUSPENDED, DatasetState.REVIEWED),
    DatasetState.DRAFT: (DatasetState.REVIEWED, DatasetState.WITHDRAWN),
}
COMPLETE = (DatasetState.REVIEWED, DatasetState.PUBLISHED)  # nothing may be missing then
REASONED = (DatasetState.SUSPENDED, DatasetState.WITHDRAWN)


def role_require(*, allowed: bool) -> None:
    """ProblemError (403) where no role of the viewer allows the act."""
    if not allowed:
        raise ProblemError(_("Your role does not allow this."), "", 403, "role")


def approver_require(viewer: Viewer, *, allowed: bool) -> None:
    """As ``role_require`` for what approvers do: it also takes the second factor."""
    role_require(allowed=allowed)
    privileged_require(viewer)


@transaction.atomic
def dataset_edit(dataset: Dataset, *, values: Mapping[str, Any], viewer: Viewer) -> Dataset:
    """Complete an entry; a published one goes back to draft, so that a second person sees the change."""
    role_require(allowed=may_steward(viewer, dataset.domain))
    row = Dataset.objects.select_for_update().get(pk=dataset.pk)
    for name in EDITABLE:
        if name in values:
            setattr(row, name, values[name])
    row.edited_by_id, row.reviewed_by = viewer.user_id, None
    row.editors = sorted({*row.editors, viewer.user_id or 0})
    if row.state in {DatasetState.REVIEWED, DatasetState.PUBLISHED}:
        row.state = DatasetState.DRAFT
    row.full_clean(exclude=["items"])
    row.save()
    return row


@transaction.atomic
def dataset_step(dataset: Dataset, *, state: DatasetState, viewer: Viewer, reason: str = "") -> Dataset:
    """Move an entry on: review and publication by an approver of its domain who has not edited it."""
    approver_require(viewer, allowed=viewer.may(dataset.domain, Capability.APPROVE))
    row = Dataset.objects.select_for_update().get(pk=dataset.pk)
    _check(row, state, viewer, reason)
    row.state, row.state_reason = state, reason[:300]
    if state == DatasetState.REVIEWED:
        row.reviewed_by_id = viewer.user_id
    if state == DatasetState.PUBLISHED:
        row.publish_date, row.editors = row.publish_date or timezone.localdate(), []
    row.save()
    access_record(Act(state.value, viewer.user_id, "catalogue.Dataset", str(row.pk)))
    return row


def _check(row: Dataset, state: DatasetState, viewer: Viewer, reason: str) -> None:
    if row.state not in STEPS[state]:
        detail = _("An entry that is “%(state)s” cannot take this step.")
        raise ProblemError(detail % {"state": row.get_state_display()}, "state", 409, "state")
    if state == DatasetState.REVIEWED and viewer.user_id in {row.edited_by_id, *row.editors}:
        raise ProblemError(_("Whoever edited the entry does not review it; ask a colleague."), "state", 403)
    if state in REASONED and not reason.strip():
        raise ProblemError(_("Say why."), "reason", code="required")
    if state in COMPLETE and (missing := missing_of(row)):
        detail = _("The entry is not complete. %(missing)s")
        named = " ".join(titled(field_named(name), text) for name, text in missing)
        raise ProblemError(detail % {"missing": named}, missing[0][0], 409, "missing")


@transaction.atomic
def assessment_make(dataset: Dataset, *, values: Mapping[str, str], viewer: Viewer) -> ImpactAssessment:
    """Write down an impact assessment; somebody else approves it."""
    role_require(allowed=may_steward(viewer, dataset.domain))
    parts = {name: str(values.get(name, "")).strip() for name in ("purpose", "impact", "measures")}
    for name, text in parts.items():
        if not text:
            raise ProblemError(_("An impact assessment has three parts; this one is empty."), name)
    keep = timezone.localdate() + KEPT
    return ImpactAssessment.objects.create(
        dataset=dataset, made_by_id=viewer.user_id or 0, keep_until=keep, **parts
    )


@transaction.atomic
def assessment_approve(assessment: ImpactAssessment, *, viewer: Viewer) -> ImpactAssessment:
    """The second person's word on an impact assessment."""
    approver_require(viewer, allowed=viewer.may(assessment.dataset.domain, Capability.APPROVE))
    if assessment.made_by_id == viewer.user_id:
        raise ProblemError(_("Whoever wrote the assessment does not approve it."), "approved_by", 403)
    approval_require(viewer)
    assessment.approved_by_id, assessment.approved_at = viewer.user_id, timezone.now()
    assessment.keep_until = timezone.localdate() + KEPT
    assessment.save(update_fields=["approved_by", "approved_at", "keep_until"])
    access_record(Act("approve", viewer.user_id, "catalogue.ImpactAssessment", str(assessment.pk)))
    return assessment
