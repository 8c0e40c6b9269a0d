"""The journal of deletions beside the backups: after a restore they are done again.

A backup brings deleted people back, and the tombstones made after it are not in it. The journal is a file of
its own, one JSON line a deletion, each bound to the one before by a keyed hash, so that nobody can slip a
deletion in or out. It says nothing about a person.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError
from apps.subjects.models import Tombstone
from apps.subjects.services.seals import mac

Line = dict[str, Any]


def journal_path() -> Path:
    """Where the journal lies."""
    return Path(settings.ERASURE_JOURNAL)


def journal_read() -> list[Line]:
    """Every deletion that the journal knows; ProblemError names the first line that is not ours."""
    path = journal_path()
    if not path.exists():
        return []
    return _checked(path.read_text(encoding="utf-8"))


def journal_sync() -> int:
    """Append the tombstones that the journal does not know yet; returns how many."""
    with _opened() as file:
        text = file.read()
        whole = text[: text.rfind("\n") + 1]  # a line that a crash has torn was never acknowledged
        known = _checked(whole)
        file.seek(len(whole.encode()))
        file.truncate()
        previous = known[-1]["mac"] if known else ""
        missing = Tombstone.objects.exclude(pk__in=[line["id"] for line in known]).order_by("at")
        count = 0
        for stone in missing:
            line: Line = {
                "id": str(stone.pk),
                "at": stone.at.isoformat(),
                "rows": stone.rows,
                "kept": stone.kept,
            }
            previous = line["mac"] = _mac(line, previous)
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            count += 1
        file.flush()
        os.fsync(file.fileno())
    return count


@contextmanager
def _opened() -> Iterator[IO[str]]:
    """The journal for appending, by one process at a time."""
    path = journal_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with path.open("r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _checked(text: str) -> list[Line]:
    lines, previous = list[Line](), ""
    for number, written in enumerate(text.splitlines(), start=1):
        try:
            line = json.loads(written)
            previous = _mac(line, previous)
            is_ours = previous == line["mac"]
        except (ValueError, KeyError, TypeError):
            is_ours = False
        if not is_ours:
            detail = _(
                "Line %(line)d of the journal of deletions was changed or is not ours; nothing was done."
            )
            raise ProblemError(detail % {"line": number}, status=409, code="journal")
        lines.append(line)
    return lines


def _mac(line: Line, previous: str) -> str:
    content = [previous, *(line[name] for name in ("id", "at", "rows", "kept"))]
    return mac(json.dumps(content, ensure_ascii=False))
