"""Uploads: a file, its preview and mapping, the import as it goes, the rows that could not be taken."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from apps.accounts.data import Capability, Viewer
from apps.core.domains import all_domains
from apps.core.errors import ProblemError
from apps.core.models import JobState
from apps.core.spreadsheets import cell_safe
from apps.portal.selectors.uploads import (
    causes_shown,
    fault_lines,
    faults_shown,
    implausible_shown,
    keys_offered,
    rows_quarantined,
)
from apps.portal.selectors.work import uploads_visible
from apps.portal.views.acts import act
from apps.portal.views.page import needs, page, require
from apps.privacy.services import explained
from apps.privacy.services.rest import request_viewer
from apps.sensing.selectors import keys_unknown, mapping_told
from apps.sensing.selectors.faults import cell_text
from apps.sensing.services import (
    ColumnMapping,
    confirm_require,
    upload_confirm,
    upload_create,
    upload_preview,
)

PER_PAGE = 50
PARTS = ("time", "datastream", "result", "unit")
NAMES = (*PARTS, "time_zone", "time_unit")
WIDE = "wide:"
KEYS_NAMED = 5
UNDONE = {JobState.FAILED, JobState.CANCELLED}  # such an import may be started again


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
    """Before the import: preview and mapping. Afterwards: progress, counts, what could not be taken."""
    viewer = request_viewer(request)
    row = get_object_or_404(uploads_visible(viewer), pk=pk)
    if row.job is None or (_is_open(row) and "again" in request.GET):
        return _mapping_page(request, viewer, row)
    found = Paginator(rows_quarantined(viewer, row), PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "portal/upload.html",
        title=row.name,
        upload=row,
        job=row.job,
        may_upload=viewer.may(row.domain, Capability.UPLOAD),
        may_again=row.job.state in UNDONE,
        rows=found,
        faults=faults_shown(viewer, row, found),
        causes=causes_shown(viewer, row),
        implausible=implausible_shown(viewer, row),
    )


def _mapping_page(
    request: HttpRequest, viewer: Viewer, row: Any, *, chosen: ColumnMapping | None = None, fault: Any = None
) -> HttpResponse:
    """The first rows and the form; what was chosen stays when it is refused."""
    mapping = mapping_told(viewer, row) if chosen is None else chosen.as_dict()
    return page(
        request,
        "portal/upload_mapping.html",
        title=row.name,
        upload=row,
        may_upload=viewer.may(row.domain, Capability.UPLOAD),
        fault=fault,
        **_preview(row, viewer, mapping),
    )


def _preview(row: Any, viewer: Viewer, mapping: dict[str, Any]) -> dict[str, Any]:
    try:
        found = upload_preview(row, viewer=viewer)
    except (ProblemError, OSError) as error:
        return {"unreadable": str(error)}
    kept_back = [explained(one, object_type="sensing.Upload", field="file") for one in found.masked.values()]
    wide = mapping.get("wide", {})
    keys = [*wide.values(), *(cell_text(line.get(mapping.get("datastream") or "")) for line in found.rows)]
    unknown = keys_unknown(row.domain, filter(None, keys))
    return {
        "columns": found.columns,
        "lines": [[cell_text(line.get(name)) for name in found.columns] for line in found.rows],
        "kept_back": kept_back[0] if kept_back else "",
        "parts": _parts(mapping),
        "wide": [{"column": name, "key": wide.get(name, "")} for name in found.columns],
        "is_wide": bool(wide) or not (mapping.get("datastream") and mapping.get("result")),
        "keys": keys_offered(viewer, row.domain),
        "unknown": unknown[:KEYS_NAMED],
        "unknown_more": max(len(unknown) - KEYS_NAMED, 0),
        "zones": _zones(mapping.get("time_zone", "")),
        "units": _units(mapping.get("time_unit", "")),
    }


def _parts(mapping: dict[str, Any]) -> list[dict[str, str]]:
    words = {
        "time": (pgettext("part of a reading", "Time"), _("When each value was measured.")),
        "datastream": (
            pgettext("part of a reading", "Datastream"),
            _("The column with the key of the datastream, such as city.R0001.speed."),
        ),
        "result": (pgettext("part of a reading", "Value"), _("The measured numbers.")),
        "unit": (
            pgettext("part of a reading", "Unit"),
            _("Only if the file names units; else values count in the unit of their datastream."),
        ),
    }
    return [
        {"name": name, "title": title, "hint": hint, "column": mapping.get(name, "")}
        for name, (title, hint) in words.items()
    ]


def _zones(chosen: str) -> list[tuple[str, str, bool]]:
    """The zones that files here are written in; one that a program has chosen stays."""
    zones = {
        "Asia/Shanghai": _("Beijing time"),
        "Asia/Urumqi": _("Xinjiang time"),
        "UTC": _("World time (UTC)"),
    }
    if chosen:
        zones.setdefault(chosen, chosen)
    return [(name, title, name == chosen) for name, title in zones.items()]


def _units(chosen: str) -> list[tuple[str, str, bool]]:
    units = {
        "": _("recognised by themselves"),
        "s": _("seconds since 1970"),
        "ms": _("milliseconds since 1970"),
        "excel": _("days as Excel counts them"),
    }
    return [(name, title, name == chosen) for name, title in units.items()]


@require_POST
@needs(Capability.UPLOAD)
def upload_go(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the mapping and start the import; what does not fit is named beside its field."""
    viewer, mapping = request_viewer(request), _mapping(request)
    row = get_object_or_404(uploads_visible(viewer), pk=pk)
    try:
        confirm_require(row, viewer)
        mapping.check(upload_preview(row, viewer=viewer).table.columns)
    except ProblemError as error:
        if _is_open(row) and error.field in {*NAMES, "wide"}:
            return _mapping_page(request, viewer, row, chosen=mapping, fault=error)
    return act(
        request,
        lambda: upload_confirm(row, mapping=mapping, viewer=viewer),
        done=_("The import runs; rows that cannot be stored go to the quarantine."),
        back=_address(pk),
    )


def _is_open(row: Any) -> bool:
    return row.job is None or row.job.state in UNDONE


def _mapping(request: HttpRequest) -> ColumnMapping:
    wide = {
        name.removeprefix(WIDE): str(key).strip()
        for name, key in request.POST.items()
        if name.startswith(WIDE) and str(key).strip()
    }
    return ColumnMapping(**{name: request.POST.get(name, "") for name in NAMES}, wide=wide)


@needs(Capability.VIEW)
def upload_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that could not be taken as a CSV in the file's own columns: to correct and upload again."""
    viewer = request_viewer(request)
    row = get_object_or_404(uploads_visible(viewer), pk=pk)
    columns, lines = fault_lines(viewer, row)
    head = [_("Line"), pgettext("of a table", "Column"), _("Reason"), *columns]
    answer = HttpResponse(_csv(head, lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="quarantine-{row.pk}.csv"'
    return answer


class _Echo:
    """A file that gives back what is written."""

    def write(self, text: str) -> str:
        """The text itself."""
        return text


def _csv(head: list[str], lines: Iterator[list[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + str(writer.writerow([cell_safe(name) for name in head]))
    for line in lines:
        yield str(writer.writerow([cell_safe(cell) for cell in line]))
