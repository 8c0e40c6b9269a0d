"""Synthetic data: what contractors get in the place of real rows, as a table and as a file."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from apps.accounts.data import Capability
from apps.core.encryption import given_fields
from apps.core.spreadsheets import cell_safe
from apps.portal.views.page import needs, page
from apps.privacy.services.rest import request_viewer
from apps.privacy.services.synthetic import synthetic_models, synthetic_rows

SHOWN = 20
BOM = "\ufeff"  # so that spreadsheets read the file as UTF-8


@needs(Capability.VIEW)
def synthetic(request: HttpRequest) -> HttpResponse:
    """The kinds of record of one's domains, each with its synthetic twin."""
    models = synthetic_models(request_viewer(request))
    lines = [{"meta": model._meta, "app": model._meta.app_config.verbose_name} for model in models]
    return page(request, "portal/synthetic.html", title=_("Synthetic data"), lines=lines)


@needs(Capability.VIEW)
def synthetic_model(request: HttpRequest, app: str, name: str) -> HttpResponse:
    """Invented rows of one kind; ``?format=csv`` for the file."""
    models = synthetic_models(request_viewer(request))
    model: Any = next(
        (item for item in models if (item._meta.app_label, item._meta.model_name) == (app, name)), None
    )
    if model is None:
        raise Http404
    fields = given_fields(model)
    rows = [[_text(getattr(row, field.attname)) for field in fields] for row in synthetic_rows(model)]
    if request.GET.get("format") == "csv":
        return _csv(name, [field.name for field in fields], rows)
    titles = [field.verbose_name for field in fields]
    return page(
        request,
        "portal/synthetic_model.html",
        title=model._meta.verbose_name_plural,
        meta=model._meta,
        titles=titles,
        rows=rows[:SHOWN],
    )


def _text(value: Any) -> str:
    return value.wkt if isinstance(value, GEOSGeometry) else "" if value is None else str(value)


def _csv(name: str, titles: list[str], rows: list[list[str]]) -> HttpResponse:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([titles, *([cell_safe(cell) for cell in row] for row in rows)])
    answer = HttpResponse(BOM + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="synthetic-{name}.csv"'
    return answer
