"""A copy of everything that is held of one person: a ZIP that he can read and that a program can read."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import models, transaction
from django.http import HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer, acting_as
from apps.audit.data import sm3_bytes
from apps.core.domains import domain_get
from apps.core.errors import ProblemError
from apps.core.spreadsheets import cell_safe
from apps.privacy.services.kernel import all_grades
from apps.subjects.models import Kind, State, SubjectRequest
from apps.subjects.selectors import records
from apps.subjects.selectors.matching import SYSTEM
from apps.subjects.selectors.records import model_of, rows_of
from apps.subjects.services.officers import act_record, officer_check
from apps.subjects.services.steps import confirmed_rows, domains_of, kind_check, request_end, request_locked

ENCODINGS = {"utf-8": "utf-8-sig", "gb18030": "gb18030"}
LANGUAGES = ("zh-hans", "en")
Lines = list[list[str]]


@dataclass(frozen=True, slots=True)
class SubjectFile:
    """The copy: its name, its bytes, and their SM3, by which a leaked copy is recognised."""

    name: str
    content: bytes
    digest: str


@transaction.atomic
def request_export(request_id: int, *, viewer: Viewer, encoding: str = "utf-8") -> SubjectFile:
    """The copy for the person; also a second time, while the rows are known. CSV in UTF-8 or GB 18030."""
    if encoding not in ENCODINGS:
        raise ProblemError(_("Choose one of: %(values)s.") % {"values": ", ".join(ENCODINGS)}, "encoding")
    request = request_locked(request_id, viewer, State.FOUND, State.DONE)
    kind_check(request, Kind.EXPORT)
    rows = confirmed_rows(request)
    officer_check(viewer, domains_of(rows))
    with acting_as(SYSTEM):
        content = _zipped(request, rows, encoding)
    request.file_digest = sm3_bytes(content).hex()
    request.result = {"held": {label: len(ids) for label, ids in rows.items()}}
    act_record("export", viewer, request.pk, [(label, pk) for label, ids in rows.items() for pk in ids])
    request_end(request, State.DONE, viewer)
    return SubjectFile(f"subject-request-{request.pk}.zip", content, request.file_digest)


def file_answer(file: SubjectFile) -> HttpResponse:
    """The copy as a download that no cache keeps."""
    answer = HttpResponse(file.content, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-SM3"] = file.digest
    return answer


def both(text: Any) -> str:
    """A title in Chinese and English: ``患者 patient``."""
    titles = []
    for language in LANGUAGES:
        with translation.override(language):
            titles.append(str(text))
    return " ".join(dict.fromkeys(titles))


def watermark(request: SubjectRequest) -> str:
    """Who may have the copy, and when it was made: stands in every file of it."""
    moment = timezone.localtime().strftime("%Y-%m-%d %H:%M")
    return f"SR-{request.pk} · {moment} · 仅供申请人本人使用 for the applicant only"


def _zipped(request: SubjectRequest, rows: dict[str, list[str]], encoding: str) -> bytes:
    mark, target = watermark(request), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        found = {label: list(rows_of(label).filter(pk__in=ids).order_by("pk")) for label, ids in rows.items()}
        archive.writestr("说明 README.txt", "\ufeff" + _read_me(found, mark))
        archive.writestr("data.json", json.dumps(_document(found, mark), ensure_ascii=False, indent=1))
        for label, items in found.items():
            text = _csv([_titles(label), *(_cells(label, row) for row in items)], mark)
            archive.writestr(f"{label}.csv", text.encode(ENCODINGS[encoding]))
    return target.getvalue()


def fields_of(label: str) -> Iterator[models.Field[Any, Any]]:
    """The fields of a record that are the person's: graded, no key of the record above, nothing derived."""
    root = records()[label][1].root
    for field in model_of(label)._meta.concrete_fields:
        is_derived = isinstance(field, models.GeneratedField) or not (field.editable or field.primary_key)
        if field.name != root and not is_derived and f"{label}.{field.name}" in all_grades():
            yield field


def _text(row: Any, field: models.Field[Any, Any]) -> Any:
    value = getattr(row, field.name)
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, GEOSGeometry):
        return value.wkt
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _titles(label: str) -> list[str]:
    return [both(field.verbose_name) for field in fields_of(label)]


def _cells(label: str, row: Any) -> list[str]:
    return [cell_safe(_text(row, field)) for field in fields_of(label)]


def _csv(lines: Lines, mark: str) -> str:
    target = io.StringIO()
    csv.writer(target).writerows([*lines, [f"# {mark}"]])
    return target.getvalue()


def _document(found: dict[str, list[Any]], mark: str) -> dict[str, Any]:
    return {
        "watermark": mark,
        "records": [
            {
                "type": label,
                "title": both(records()[label][1].title),
                "domain": both(domain_get(records()[label][0]).title),
                "fields": {
                    field.name: {"title": both(field.verbose_name), "value": _text(row, field)}
                    for field in fields_of(label)
                },
            }
            for label, items in found.items()
            for row in items
        ],
    }


def _read_me(found: dict[str, list[Any]], mark: str) -> str:
    lines = [both(_LINE_HEAD), both(_LINE_AUTO), ""]
    lines += [
        f"- {both(domain_get(records()[label][0]).title)} / {both(records()[label][1].title)}: {len(items)}"
        for label, items in found.items()
    ]
    return "\r\n".join([*lines, "", both(_LINE_RIGHTS), mark, ""])


_LINE_HEAD = translation.gettext_lazy("Your personal data that this platform holds")
_LINE_AUTO = translation.gettext_lazy("This file was generated automatically.")
_LINE_RIGHTS = translation.gettext_lazy(
    "You may ask for correction or deletion, and complain to the data bureau "
    "(Personal Information Protection Law, Art. 44 to 50)."
)
