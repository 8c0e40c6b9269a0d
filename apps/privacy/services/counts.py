"""Counts of people and their rows: small ones hidden, and no two questions that differ by few people."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from apps.accounts.data import Viewer
from apps.audit.services import Act, access_record
from apps.core.declarations import ReleaseColumn
from apps.core.errors import ProblemError
from apps.privacy.aggregates import Answered, Table, differs_by_few, suppressed
from apps.privacy.anonymity import HIERARCHIES, generalised
from apps.privacy.anonymity.measures import codes_of
from apps.privacy.data import Outcome
from apps.privacy.models import CountAnswer
from apps.privacy.services.tables import Asked, Rows, columns_get, columns_require, rows_read, table_get

MAY_COUNT = frozenset({Outcome.CLEAR, Outcome.AGGREGATED})
# How coarse a column is counted: bands of ten years of birth, months, districts, cells of ten kilometres.
COUNTED_AT = {"": 0, "category": 0, "birth": 4, "date": 1, "division": 1, "grid": 2}
MOST_CELLS = 144  # the exact bounds of larger tables take too long
MOST_ANSWERS = 500
LOCK = 0x43504143  # advisory lock: answers to one recipient are compared one after another


@dataclass(frozen=True, slots=True)
class CountQuestion:
    """How many rows of a table have which values of one or two columns, among those that pass the filters."""

    table: str
    rows: str
    columns: str = ""
    where: Mapping[str, str] = field(default_factory=dict)  # column -> value at the level it is counted at
    purpose: str = ""

    def digest(self) -> str:
        """The same for the same question."""
        parts = (self.table, self.rows, self.columns, sorted(self.where.items()))
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()

    @property
    def used(self) -> list[str]:
        """Every column that the question names."""
        return [name for name in (self.rows, self.columns, *self.where) if name]


def counts_answer(question: CountQuestion, *, viewer: Viewer) -> dict[str, Any]:
    """The guarded table as plain values; None stands for a hidden count.

    The department of the viewer is the recipient: colleagues see each other's answers. ProblemError 403 for a
    column that the viewer may not count, 409 for a question that would tell of fewer than k people.
    """
    domain, table = table_get(viewer, question.table)
    columns = columns_get(table, question.used, name="rows")
    asked = Asked(columns, question.purpose, MAY_COUNT, "rows")
    columns_require(viewer, table, asked)
    answer = guarded(question, rows_read(viewer, table, asked), columns, viewer, domain.slug)
    access_record(
        Act(
            "read",
            user_id=viewer.user_id,
            object_type=table.model,
            purpose=question.purpose,
            result="counts",
            fields=tuple(column.graded.rpartition(".")[2] for column in columns),
        )
    )
    return answer


@transaction.atomic
def guarded(
    question: CountQuestion, rows: Rows, columns: Sequence[ReleaseColumn], viewer: Viewer, domain: str
) -> dict[str, Any]:
    """The suppressed table, unless it differs from an earlier answer to the recipient by fewer than k people.

    The identical question is answered as it was, with its time: a fresh answer would tell who has come since.
    """
    recipient = viewer.department or f"user {viewer.user_id}"
    lock = int.from_bytes(hashlib.sha256(f"{recipient}\x1f{question.table}".encode()).digest()[:3], "big")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, lock])
    earlier = CountAnswer.objects.filter(recipient=recipient, table=question.table)
    same = earlier.filter(digest=question.digest()).first()
    if same is not None:
        return {**same.answer, "answered_at": same.answered_at}
    counted = _counted(question, rows, columns)
    _guard(counted, earlier, rows)
    kept = CountAnswer.objects.create(
        domain=domain,
        table=question.table,
        recipient=recipient,
        digest=question.digest(),
        answer=counted.answer,
        sets=Answered(counted.sets).packed(),
    )
    return {**kept.answer, "answered_at": kept.answered_at}


@dataclass(frozen=True, slots=True)
class Counted:
    """A table of counts and the sets of people behind what it shows."""

    answer: dict[str, Any]
    sets: list[NDArray[np.int64]]


def _guard(counted: Counted, earlier: Any, rows: Rows) -> None:
    if earlier.count() >= MOST_ANSWERS:
        detail = _("Your department has been given as many counts of this table as can be compared.")
        raise ProblemError(detail, "rows", 409, "spent")
    known = [
        one for data in earlier.values_list("sets", flat=True) for one in Answered.unpacked(bytes(data)).sets
    ]
    population = _numbers(rows.persons)
    if differs_by_few(counted.sets, known, population=population, k=settings.RELEASE_K):
        detail = _(
            "Together with an earlier answer this one would tell of fewer than %(k)d people. Ask with fewer "
            "filters, or use statistics with differential privacy."
        )
        raise ProblemError(detail % {"k": settings.RELEASE_K}, "where", 409, "differencing")


def _counted(question: CountQuestion, rows: Rows, columns: Sequence[ReleaseColumn]) -> Counted:
    words = {column.key: _words(column, rows.values[column.key]) for column in columns}
    stays = np.ones(len(rows.persons), dtype=bool)
    for name, value in question.where.items():
        stays &= np.asarray(words[name], dtype=object) == value
    down = [word for word, stay in zip(words[question.rows], stays, strict=True) if stay]
    across = [
        word
        for word, stay in zip(words.get(question.columns) or words[question.rows], stays, strict=True)
        if stay
    ]
    across = across if question.columns else ["" for _one in down]
    persons = _numbers(rows.persons)[stays]
    return _tabulated(down, across, persons)


def _tabulated(down: list[str], across: list[str], persons: NDArray[np.int64]) -> Counted:
    row_names, column_names = sorted(set(down)), sorted(set(across))
    if len(row_names) * len(column_names) > MOST_CELLS:
        raise ProblemError(_("The table would have more than %(most)d cells.") % {"most": MOST_CELLS}, "rows")
    if not row_names:
        return Counted(
            {"rows": [], "columns": [], "cells": [], "row_totals": [], "column_totals": [], "total": 0}, []
        )
    row_codes, column_codes = codes_of(down), codes_of(across)
    groups = _groups(row_codes, column_codes, persons, (len(row_names), len(column_names)))
    people = np.array([[len(np.unique(cell)) for cell in line] for line in groups])
    few = (people > 0) & (people < settings.RELEASE_K)
    counts = np.array([[len(cell) for cell in line] for line in groups])[:-1, :-1]
    table = suppressed(counts.tolist(), threshold=settings.RELEASE_K, few=few)
    answer = {
        "rows": row_names,
        "columns": column_names,
        "cells": [list(line) for line in table.cells],
        "row_totals": list(table.row_totals),
        "column_totals": list(table.column_totals),
        "total": table.total,
    }
    return Counted(answer, _sets(groups, table))


def _groups(
    down: NDArray[np.int64], across: NDArray[np.int64], persons: NDArray[np.int64], shape: tuple[int, int]
) -> list[list[NDArray[np.int64]]]:
    """The persons of every cell, with those of the totals at the end of each line and below."""
    marks = [*(down == row for row in range(shape[0])), np.ones(len(down), dtype=bool)]
    heads = [*(across == column for column in range(shape[1])), np.ones(len(down), dtype=bool)]
    return [[persons[mark & head] for head in heads] for mark in marks]


def _sets(groups: list[list[NDArray[np.int64]]], table: Table) -> list[NDArray[np.int64]]:
    """The sets of people whose sizes are shown, each once."""
    shown = [[*line, total] for line, total in zip(table.cells, table.row_totals, strict=True)]
    shown.append([*table.column_totals, table.total])
    found = {
        np.unique(group).tobytes(): np.unique(group)
        for line, entries in zip(groups, shown, strict=True)
        for group, entry in zip(line, entries, strict=True)
        if entry
    }
    return list(found.values())


def _words(column: ReleaseColumn, values: Sequence[Any]) -> list[str]:
    level = COUNTED_AT[column.hierarchy]
    return generalised(values, HIERARCHIES[column.hierarchy or "category"][level])


def _numbers(persons: Sequence[str]) -> NDArray[np.int64]:
    """A number for each person that stays the same: 63 bits of a digest."""
    known = {person: _number(person) for person in set(persons)}
    return np.array([known[person] for person in persons], dtype=np.int64)


def _number(person: str) -> int:
    return int.from_bytes(hashlib.sha256(person.encode()).digest()[:8], "big") >> 1
