"""Deletion of one person in every domain, in one transaction; a tombstone says what is left and why."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer, acting_as
from apps.core.errors import ProblemError
from apps.privacy.data import Decision, Outcome
from apps.privacy.services import masked
from apps.privacy.services.kernel import all_grades
from apps.subjects.data import Erasure
from apps.subjects.models import Kind, State, SubjectRequest, Tombstone
from apps.subjects.selectors import erasure_plan, records
from apps.subjects.selectors.matching import SYSTEM
from apps.subjects.services.forgetting import history_forget
from apps.subjects.services.journal import journal_sync
from apps.subjects.services.officers import act_record, officer_check
from apps.subjects.services.seals import row_seal
from apps.subjects.services.steps import (
    confirmed_rows,
    domains_of,
    kind_check,
    request_end,
    request_locked,
    second_person_check,
)
from apps.subjects.signals import subject_changed


@transaction.atomic
def request_erase(request_id: int, *, viewer: Viewer) -> Tombstone:
    """Delete or anonymise every confirmed row, keep what a law keeps, and forget who asked.

    All of it happens or nothing. Needs a second person, who approves in every domain that is touched.
    """
    request = request_locked(request_id, viewer, State.FOUND)
    kind_check(request, Kind.DELETE)
    second_person_check(request, viewer)
    rows = confirmed_rows(request)
    officer_check(viewer, domains_of(rows))
    with acting_as(SYSTEM):
        plan = erasure_plan(rows)
        tombstone = _erased(plan, request)
    gone = [(label, pk) for label, pk, _act, _seal in tombstone.rows]
    act_record("delete", viewer, request.pk, gone)
    _forget(request, tombstone)
    request_end(request, State.DONE, viewer)
    transaction.on_commit(journal_sync)
    transaction.on_commit(partial(subject_changed.send, sender=SubjectRequest, kind="erased", rows=gone))
    return tombstone


def _erased(plan: Erasure, request: SubjectRequest) -> Tombstone:
    acts = [("delete", row) for row in plan.delete] + [("anonymise", row) for row in plan.anonymise]
    lines = [[row._meta.label, str(row.pk), act, row_seal(row)] for act, row in acts]
    for act, row in acts:
        (row_delete if act == "delete" else row_anonymise)(row)
    kept = Counter(
        (row._meta.label, law, until.isoformat() if until else "") for row, law, until in plan.kept
    )
    stone = Tombstone.objects.create(
        request=request,
        at=timezone.now(),
        rows=lines,
        kept=[[label, count, law, until] for (label, law, until), count in sorted(kept.items())],
    )
    history_forget((label, pk, act) for label, pk, act, _seal in lines)
    return stone


def row_delete(row: Any) -> None:
    """Delete a row; ProblemError 409 names what still refers to it."""
    try:
        row.delete()
    except models.ProtectedError as error:
        others = sorted({str(item._meta.verbose_name_plural) for item in error.protected_objects})
        detail = _("The %(row)s cannot be deleted: %(others)s refer to it. Nothing was deleted.")
        words = {"row": row._meta.verbose_name, "others": ", ".join(others)}
        raise ProblemError(detail % words, status=409, code="protected") from error


def row_anonymise(row: Any) -> None:
    """Empty what tells who the person is; texts and places keep the mask of their grade."""
    label = row._meta.label
    record = records()[label][1]
    words = [str(value) for name in record.identity.values() if (value := getattr(row, name))]
    softened = {}  # before anything is emptied: the mask of a text knows the other fields of its row
    for name in record.soften:
        decision = Decision(Outcome.MASKED, mask=all_grades()[f"{label}.{name}"].mask)
        softened[name] = masked(_without(getattr(row, name), words), decision, row=row)
    for name in record.blank:
        setattr(row, name, None if row._meta.get_field(name).null else "")
    for name, value in softened.items():
        setattr(row, name, value)
    row.save()


def _without(value: Any, words: list[str]) -> Any:
    """A text without the person's own name and numbers, which no mask can know to be his."""
    if not isinstance(value, str):
        return value
    for word in sorted(words, key=len, reverse=True):
        value = value.replace(word, "***")
    return value


def _forget(request: SubjectRequest, tombstone: Tombstone) -> None:
    """The request keeps its course; who it was about goes with the data."""
    told = ("id_number", "phone", "name", "institution_number", "proof_note")
    for name, nothing in {**dict.fromkeys(told, ""), "birth_date": None}.items():
        setattr(request, name, nothing)
    request.result = {
        "erased": dict(Counter(f"{act} {label}" for label, _pk, act, _seal in tombstone.rows)),
        "kept": tombstone.kept,
    }
    request.matches.all().delete()
