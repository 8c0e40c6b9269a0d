"""After a restore: deletions that the backup does not know are done again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from apps.accounts.data import acting_as
from apps.audit.services import Act, access_record
from apps.subjects.data import PURPOSE
from apps.subjects.models import Tombstone
from apps.subjects.selectors.matching import SYSTEM
from apps.subjects.selectors.records import records, rows_of
from apps.subjects.services.erasing import row_anonymise, row_delete
from apps.subjects.services.forgetting import history_forget
from apps.subjects.services.journal import journal_read
from apps.subjects.services.seals import row_seal


@dataclass(slots=True)
class Reapplied:
    """What a repetition of the deletions did."""

    deletions: int = 0  # tombstones of the journal
    rows: int = 0  # rows that were there again and are gone now
    strangers: list[str] = field(default_factory=list)  # rows with a known number that are somebody else's


def erasures_reapply() -> Reapplied:
    """Do every deletion of the journal again; a second call changes nothing.

    A row is touched only when its seal fits: after a restore another person may have got its number.
    """
    report = Reapplied()
    for line in journal_read():
        report.deletions += 1
        with transaction.atomic(), acting_as(SYSTEM):
            _again(line, report)
    return report


def _again(line: dict[str, Any], report: Reapplied) -> None:
    touched = 0
    for label, pk, act, seal in line["rows"]:
        row = rows_of(label).filter(pk=pk).first() if label in records() else None
        if row is None:
            continue
        if row_seal(row) != seal:
            report.strangers.append(f"{label} {pk}")
        elif act == "delete":
            row_delete(row)
            touched += 1
        elif _is_named(row):
            row_anonymise(row)
            touched += 1
    values = {"at": line["at"], "rows": line["rows"], "kept": line["kept"]}
    _stone, is_new = Tombstone.objects.get_or_create(pk=line["id"], defaults=values)
    history_forget((label, pk, act) for label, pk, act, _seal in line["rows"] if label in records())
    report.rows += touched
    if touched or is_new:
        access_record(Act("delete", None, "subjects.Tombstone", line["id"], PURPOSE, touched))


def _is_named(row: Any) -> bool:
    """Whether an anonymised row tells again who the person is."""
    return any(getattr(row, name) for name in records()[row._meta.label][1].blank)
