"""What somebody who owns the database, and the file of anchors too, cannot hide: each copy is verified."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.audit.data import FaultKind
from apps.audit.models import AccessLink
from apps.audit.services import Act, access_log_verify, access_record, anchor_make, entries_seal
from tests.audit.test_chain import as_superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def outside(tmp_path: Path, settings: Any, django_capture_on_commit_callbacks: Any) -> Path:
    """Ten sealed entries with two anchors, in the database and in the file."""
    path = tmp_path / "anchors.log"
    settings.AUDIT_ANCHORS = str(path)
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(1, 11):
            access_record(Act("read", object_id=str(number), rows=number))
            if number % 5 == 0:
                anchor_make()
    assert len(path.read_text().splitlines()) == 2
    assert access_log_verify().is_whole
    return path


def made_anew() -> None:
    """The whole chain, over what the entries say now."""
    as_superuser("DELETE FROM audit_accesslink WHERE position > %s", 0)
    entries_seal()


def lines_made_anew(path: Path) -> None:
    """The file with the digests that the chain has now, and the codes that it had."""
    digests = {link.position: bytes(link.digest).hex() for link in AccessLink.objects.all()}
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    path.write_text(
        "".join(json.dumps({**line, "digest": digests[line["position"]]}) + "\n" for line in lines)
    )


def changed(path: Path) -> None:
    as_superuser("UPDATE audit_accessentry SET rows = 99 WHERE rows = %s", 3)


def removed_with_its_link(path: Path) -> None:
    as_superuser("DELETE FROM audit_accesslink WHERE position = %s", 7)
    as_superuser("DELETE FROM audit_accessentry WHERE rows = %s", 7)


def end_cut_off(path: Path) -> None:
    as_superuser("DELETE FROM audit_accesslink WHERE position >= %s", 8)
    as_superuser("DELETE FROM audit_accessentry WHERE rows >= %s", 8)


def two_swapped(path: Path) -> None:
    as_superuser(
        "UPDATE audit_accessentry SET object_id = (ARRAY['4', '3'])[rows - 2] WHERE rows IN (%s, 4)", 3
    )


def changed_and_chain_made_anew(path: Path) -> None:
    changed(path)
    made_anew()


def changed_and_anchors_removed(path: Path) -> None:
    changed_and_chain_made_anew(path)
    as_superuser("DELETE FROM audit_accessanchor WHERE position > %s", 0)


def changed_and_the_file_made_anew(path: Path) -> None:
    changed_and_anchors_removed(path)
    lines_made_anew(path)


def an_anchor_moved(path: Path) -> None:
    as_superuser("UPDATE audit_accessanchor SET position = 4 WHERE position = %s", 5)


def a_purge_invented(path: Path) -> None:
    as_superuser("DELETE FROM audit_accessentry WHERE rows <= %s", 5)
    as_superuser("UPDATE audit_accessanchor SET purged_short = 5 WHERE position = %s", 10)


def scribbled(path: Path) -> None:
    path.write_text(path.read_text() + "{]\n")


def cut_in_the_middle(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def of_another_kind(path: Path) -> None:
    path.write_text('["at"]\n{"at": 3}\n' + "[" * 5000 + "\n")


COPIES: tuple[Callable[[Path], None], ...] = (
    *(changed, removed_with_its_link, end_cut_off, two_swapped, changed_and_chain_made_anew),
    *(changed_and_anchors_removed, changed_and_the_file_made_anew, an_anchor_moved, a_purge_invented),
    *(scribbled, cut_in_the_middle, of_another_kind),
)


@pytest.mark.parametrize("tamper", COPIES, ids=lambda one: one.__name__)
def test_a_tampered_copy_is_found_and_the_command_ends_with_an_error(
    outside: Path, tamper: Callable[[Path], None]
) -> None:
    tamper(outside)
    assert access_log_verify().faults
    with pytest.raises(CommandError, match="do not fit"):
        call_command("access_log_verify", stdout=StringIO())


def test_a_chain_without_any_anchor_for_a_day_is_no_whole_chain(
    outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed_and_anchors_removed(outside)
    outside.unlink()
    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert [fault.kind for fault in access_log_verify().faults] == [FaultKind.ANCHOR]


def test_lines_from_before_they_named_the_purge_are_still_ours(outside: Path) -> None:
    lines = [json.loads(line) for line in outside.read_text().splitlines()]
    for line in lines:
        del line["purged_short"], line["purged_long"]
    outside.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert access_log_verify().is_whole
