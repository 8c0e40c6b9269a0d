"""Counts of people and their rows: small ones hidden, and no two questions that differ by few people."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from apps.accounts.data import Viewer
from apps.audit.services import Act, access_record
from apps.core.declarations import ReleaseColumn
from apps.core.errors import ProblemError
from apps.core.locks import Lock, lock_wait
from apps.privacy.aggregates import Answered, Table, differs_by_few, suppressed
from apps.privacy.anonymity import HIERARCHIES, generalised
from apps.privacy.anonymity.measures import codes_of
from apps.privacy.data import Outcome
from apps.privacy.models import CountAnswer
from apps.privacy.services.exits import owns_rows, policy_class
from apps.privacy.services.tables import Asked, Rows, columns_get, columns_require, rows_read, table_get

MAY_COUNT = frozenset({Outcome.CLEAR, Outcome.AGGREGATED})
# How coarse a column is counted: bands of ten years of birth, months, districts, cells of ten kilometres.
COUNTED_AT = {"": 0, "category": 0, "birth": 4, "date": 1, "division": 1, "grid": 2}
MOST_CELLS = 144  # the exact bounds of larger tables take too long
MOST_ANSWERS = 500
NO_COLUMNS = ""  # the one column of a table that is asked for by rows only
Line = list[int | None]


@dataclass(frozen=True, slots=True)
class CountQuestion:
    """How many rows of a table have which values of one or two columns, among those that pass the filters."""

    table: str
    rows: str
    columns: str = ""
    where: Mapping[str, str] = field(default_factory=dict)  # column -> value at the level it is counted at
    purpose: str = ""

    def digest(self, access: str) -> str:
        """The same for the same question of people who may see the same rows and columns."""
        parts = (self.table, self.rows, self.columns, sorted(self.where.items()), access)
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()

    @property
    def used(self) -> list[str]:
        """Every column that the question names."""
        return [name for name in (self.rows, self.columns, *self.where) if name]


def counts_answer(question: CountQuestion, *, viewer: Viewer) -> dict[str, Any]:
    """The guarded table as plain values; None stands for a hidden count.

    Colleagues who may see the same get each other's answers. ProblemError 403 for a column that the viewer
    may not count, 409 for a question that would tell of fewer than k people.
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

    The identical question of somebody who may see the same is answered as it was, with its time: a fresh
    answer would tell who has come since. What is compared knows no such classes: the recipient is the whole
    department and the asker in every earlier one, so that neither a colleague with other rights nor another
    stated purpose begins anew.
    """
    recipient = viewer.department or f"user {viewer.user_id}"
    digest = question.digest(_access(question, viewer, domain))
    key = int.from_bytes(hashlib.sha256(f"{recipient}\x1f{question.table}".encode()).digest()[:3], "big")
    lock_wait(Lock.COUNTS, key)
    told = Q(recipient=recipient) | Q(told_to__contains=[viewer.user_id])
    earlier = CountAnswer.objects.filter(told, table=question.table)
    kept = earlier.filter(recipient=recipient, digest=digest).first()
    if kept is None:
        counted = _counted(question, rows, columns)
        _guard(counted, earlier, rows)
        kept = CountAnswer.objects.create(
            domain=domain,
            table=question.table,
            recipient=recipient,
            digest=digest,
            answer=counted.answer,
            sets=Answered(counted.sets).packed(),
        )
    if viewer.user_id is not None and viewer.user_id not in kept.told_to:
        kept.told_to.append(viewer.user_id)
        kept.save(update_fields=["told_to"])
    return {**kept.answer, "answered_at": kept.answered_at}


def _access(question: CountQuestion, viewer: Viewer, domain: str) -> str:
    """What the rows behind the answer depend on, beside the question itself."""
    one = viewer if owns_rows(viewer, domain) else replace(viewer, user_id=None)
    stated = (question.purpose, viewer.purpose)
    return ":".join(policy_class(replace(one, purpose=purpose), domain=domain) for purpose in stated)


@dataclass(frozen=True, slots=True)
class Counted:
    """A table of counts and the sets of people behind what it shows."""

    answer: dict[str, Any]
    sets: list[NDArray[np.int64]]


def _guard(counted: Counted, earlier: Any, rows: Rows) -> None:
    told = [Answered.unpacked(bytes(data)).sets for data in earlier.values_list("sets", flat=True)]
    if sum(bool(sets) for sets in told) >= MOST_ANSWERS:  # what showed nothing uses nothing up
        detail = _("Your department has been given as many counts of this table as can be compared.")
        raise ProblemError(detail, "rows", 409, "spent")
    known = [one for sets in told for one in sets]
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
    across = across if question.columns else [NO_COLUMNS for _one in down]
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
    return Counted(_named(table, row_names, column_names), _sets(groups, table))


def _named(table: Table, row_names: list[str], column_names: list[str]) -> dict[str, Any]:
    """The table with its labels; a label is shown where a count beside it is.

    That a value occurs at all would tell of the few people who have it, and so would its place in the order
    and how many such values there are: all of them are one line without a name, at the end.
    """
    lines = [[*cells, total] for cells, total in zip(table.cells, table.row_totals, strict=True)]
    lines.append([*table.column_totals, table.total])
    names, lines = _hidden_together(row_names, lines)
    across, turned = _hidden_together(column_names, [list(line) for line in zip(*lines, strict=True)])
    lines = [list(line) for line in zip(*turned, strict=True)]
    return {
        "rows": names,
        "columns": across,
        "cells": [line[:-1] for line in lines[:-1]],
        "row_totals": [line[-1] for line in lines[:-1]],
        "column_totals": lines[-1][:-1],
        "total": lines[-1][-1],
    }


def _hidden_together(names: list[str], lines: list[Line]) -> tuple[list[str | None], list[Line]]:
    """The named lines and their total, with one empty line for all those that show no people."""
    *lines, total = lines
    shown = [
        (name, line) for name, line in zip(names, lines, strict=True) if any(line) or names == [NO_COLUMNS]
    ]
    if len(shown) == len(names):
        return [*names], [*lines, total]
    nameless: Line = [None] * len(total)
    return [*(name for name, _line in shown), None], [*(line for _name, line in shown), nameless, total]


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
