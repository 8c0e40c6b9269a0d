"""Uploads: a file, its preview and mapping, the import as it goes, the quarantine."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.data import Capability, Viewer
from apps.core.domains import all_domains
from apps.core.errors import ProblemError
from apps.portal.selectors.rows import plain, shown_all
from apps.portal.selectors.work import uploads_visible
from apps.portal.views.acts import act
from apps.portal.views.page import needs, page, require
from apps.privacy.services import explained
from apps.privacy.services.rest import request_viewer
from apps.sensing.services import ColumnMapping, upload_confirm, upload_create, upload_preview

PER_PAGE = 50
NAMES = ("time", "datastream", "result", "unit", "time_zone", "time_unit")
WIDE = "wide:"


@needs(Capability.VIEW)
def uploads(request: HttpRequest) -> HttpResponse:
    """The list, and for who may upload the form for a file."""
    viewer = request_viewer(request)
    rows = Paginator(uploads_visible(viewer), PER_PAGE).get_page(request.GET.get("page"))
    domains = [domain for domain in all_domains() if viewer.may(domain.slug, Capability.UPLOAD)]
    return page(request, "portal/uploads.html", title=_("Uploads"), rows=rows, domains=domains)


@require_POST
@needs(Capability.UPLOAD)
def upload_send(request: HttpRequest) -> HttpResponse:
    """Keep the file and go on to its preview."""
    viewer, domain = request_viewer(request), request.POST.get("domain", "")
    require(viewer, domain, Capability.UPLOAD)
    return act(
        request,
        lambda: upload_create(_file(request), domain=domain, viewer=viewer),
        done=_("The file is kept. Check which column is what, then import."),
        back=lambda row: _address(row.pk) if row else reverse("admin:uploads"),
    )


def _file(request: HttpRequest) -> Any:
    if "file" not in request.FILES:
        raise ProblemError(_("Choose a CSV, Parquet or Excel file."), "file")
    return request.FILES["file"]


def _address(pk: int) -> str:
    return reverse("admin:upload", args=[pk])


@needs(Capability.VIEW)
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Before the import: preview and mapping. Afterwards: progress, counts, quarantine."""
    viewer = request_viewer(request)
    row = get_object_or_404(uploads_visible(viewer), pk=pk)
    context = _quarantine(request, viewer, row) if row.job else _preview(row, viewer)
    return page(
        request,
        "portal/upload.html",
        title=row.name,
        upload=row,
        job=row.job,
        may_upload=viewer.may(row.domain, Capability.UPLOAD),
        **context,
    )


def _preview(row: Any, viewer: Viewer) -> dict[str, Any]:
    try:
        found = upload_preview(row, viewer=viewer)
    except (ProblemError, OSError) as error:
        return {"unreadable": str(error)}
    columns = found.columns
    kept_back = [explained(one, object_type="sensing.Upload", field="file") for one in found.masked.values()]
    wide = row.mapping.get("wide", {})
    return {
        "columns": columns,
        "lines": [[line.get(name) for name in columns] for line in found.rows],
        "kept_back": kept_back[0] if kept_back else "",
        "parts": [
            {"name": "time", "title": _("Time"), "column": row.mapping.get("time"), "needed": True},
            {"name": "datastream", "title": _("Datastream key"), "column": row.mapping.get("datastream")},
            {"name": "result", "title": _("Value"), "column": row.mapping.get("result")},
            {"name": "unit", "title": _("Unit (UCUM)"), "column": row.mapping.get("unit")},
        ],
        "wide": [{"column": name, "key": wide.get(name, "")} for name in columns] if wide else [],
        "zone": row.mapping.get("time_zone", ""),
    }


def _quarantine(request: HttpRequest, viewer: Viewer, row: Any) -> dict[str, Any]:
    rows = plain(viewer, "sensing.QuarantinedRow").filter(upload=row).order_by("line")
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return {"rows": found, "faults": shown_all(viewer, found)}


@require_POST
@needs(Capability.UPLOAD)
def upload_go(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the mapping and start the import."""
    viewer = request_viewer(request)
    row = get_object_or_404(uploads_visible(viewer), pk=pk)
    return act(
        request,
        lambda: upload_confirm(row, mapping=_mapping(request), viewer=viewer),
        done=_("The import runs; rows that cannot be stored go to the quarantine."),
        back=_address(pk),
    )


def _mapping(request: HttpRequest) -> ColumnMapping:
    wide = {
        name.removeprefix(WIDE): str(key).strip()
        for name, key in request.POST.items()
        if name.startswith(WIDE) and str(key).strip()
    }
    return ColumnMapping(**{name: request.POST.get(name, "") for name in NAMES}, wide=wide)
