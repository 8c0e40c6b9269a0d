"""What consumers are told: the feed of changes, with values as the consumer may see them now."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Q, QuerySet

from apps.accounts.data import Viewer, acting_as
from apps.accounts.selectors import viewer_for
from apps.audit.services import seen
from apps.catalogue.data import DatasetKind, RequestState
from apps.catalogue.models import Notice
from apps.catalogue.selectors.previews import model_of
from apps.catalogue.selectors.requests import requests_visible
from apps.catalogue.selectors.tokens import narrowed
from apps.privacy.services import masked, row_fields, visible_rows


def notices_visible(viewer: Viewer) -> QuerySet[Notice]:
    """Notices to the viewer himself, and those about requests that he decides."""
    rows = Notice.objects.select_related("request__dataset", "request__client", "correction")
    own = Q(request__in=requests_visible(viewer).values("pk"))
    return rows.filter(own | Q(request__applicant=viewer.user_id))


def notice_body(notice: Notice) -> dict[str, Any]:
    """The message of one notice as its consumer may read it."""
    request, correction = notice.request, notice.correction
    body: dict[str, Any] = {
        "id": notice.pk,
        "kind": notice.kind,
        "dataset": request.dataset.code,
        "request": request.pk,
        "text": notice.text,
        "created_at": notice.created_at,
        "acknowledged_at": notice.acknowledged_at,
    }
    if correction is None:
        return body
    field = {"object_id": correction.object_id, "field": correction.field}
    return {**body, **field, "value": _value(notice)}


def _value(notice: Notice) -> Any:
    """The value of the corrected field now, as the kernel shows it to the consumer, or None."""
    request, correction = notice.request, notice.correction
    dataset = request.dataset
    if correction is None or request.state != RequestState.APPROVED or dataset.kind == DatasetKind.STREAM:
        return None
    viewer = replace(viewer_for(request.applicant), purpose=request.purpose)
    viewer = narrowed(viewer, [request]) if request.client_id else viewer
    model = model_of(dataset)
    if model is None:
        return None
    with acting_as(viewer):
        row = visible_rows(viewer, model._default_manager.filter(pk=correction.object_id)).first()
    decision = row_fields(viewer, row).get(correction.field) if row is not None else None
    if row is None or decision is None:
        return None
    field: Any = model._meta.get_field(correction.field)
    seen(model._meta.label, (row.pk,), (correction.field,))
    value = masked(getattr(row, field.attname), decision, row=row)
    return value.wkt if isinstance(value, GEOSGeometry) else value
