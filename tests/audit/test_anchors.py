"""Anchors bind the chain to a key and to a file outside the database; purges keep it whole."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from apps.audit.data import LASTING, Fault, FaultKind
from apps.audit.models import AccessAnchor, AccessEntry, AccessLink
from apps.audit.services import (
    Act,
    access_log_purge,
    access_log_verify,
    access_record,
    anchor_make,
    chain_faults,
    entries_seal,
)
from apps.core.errors import ProblemError
from tests.audit.test_chain import as_superuser

pytestmark = pytest.mark.django_db
REAL_NOW = timezone.now


@pytest.fixture(autouse=True)
def outside(tmp_path: Path, settings: Any) -> Path:
    path = tmp_path / "elsewhere" / "anchors.log"
    settings.AUDIT_ANCHORS = str(path)
    return path


def years_ago(monkeypatch: pytest.MonkeyPatch, days: int, *actions: str) -> list[int]:
    """Entries that were written and sealed so many days ago."""
    monkeypatch.setattr(timezone, "now", lambda: REAL_NOW() - timedelta(days=days))
    made = [access_record(Act(action)).pk for action in actions]
    entries_seal()
    monkeypatch.setattr(timezone, "now", REAL_NOW)
    return made


def test_an_anchor_binds_the_end_of_the_chain(outside: Path, django_capture_on_commit_callbacks: Any) -> None:
    access_record(Act("login"))
    with django_capture_on_commit_callbacks(execute=True):
        anchor = anchor_make()
        assert anchor_make() == anchor  # nothing new, no new anchor
    assert anchor is not None
    assert json.loads(outside.read_text())["mac"] == anchor.mac
    assert access_log_verify().is_whole
    assert AccessEntry.objects.get(action="verify").result == "done"


def test_a_chain_that_was_made_anew_does_not_fit_its_anchor() -> None:
    access_record(Act("read", rows=1))
    assert anchor_make()
    as_superuser("UPDATE audit_accessentry SET rows = 2 WHERE rows = %s", 1)
    as_superuser("DELETE FROM audit_accesslink WHERE position > %s", 0)
    entries_seal()
    assert chain_faults().faults == [Fault(FaultKind.ANCHOR, 0, 1)]


def test_who_also_removes_the_anchors_is_found_by_the_file(
    django_capture_on_commit_callbacks: Any,
) -> None:
    access_record(Act("read", rows=1))
    with django_capture_on_commit_callbacks(execute=True):
        anchor_make()
    as_superuser("DELETE FROM audit_accessanchor WHERE position > %s", 0)
    as_superuser("DELETE FROM audit_accesslink WHERE position > %s", 0)
    as_superuser("DELETE FROM audit_accessentry WHERE rows = %s", 1)
    assert chain_faults().is_whole
    assert access_log_verify().faults == [Fault(FaultKind.ANCHOR, 0, 1)]
    assert AccessEntry.objects.get(action="verify").result == "failed"


@pytest.mark.parametrize(("days", "lasting"), [(179, 1200), (400, 1000)])
def test_no_purge_goes_below_the_floor(days: int, lasting: int) -> None:
    now = timezone.now()
    with pytest.raises(ProblemError, match="at least"):
        access_log_purge(before=now - timedelta(days=days), lasting_before=now - timedelta(days=lasting))


def test_a_purge_leaves_what_lasts_and_a_chain_that_can_be_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    oldest = years_ago(monkeypatch, 1200, "read", "export")
    old = years_ago(monkeypatch, 200, "read", "export", "read")
    young = years_ago(monkeypatch, 100, "read")
    now = timezone.now()
    gone = access_log_purge(before=now - timedelta(days=181), lasting_before=now - timedelta(days=1100))
    entries_seal()
    assert gone == 4
    left = set(AccessEntry.objects.values_list("pk", flat=True))
    assert not left & {*oldest, old[0], old[2]}
    assert {old[1], *young} <= left
    assert AccessEntry.objects.get(action="purge").rows == 4
    assert AccessLink.objects.order_by("position").values_list("position", flat=True)[0] == 3
    assert chain_faults().faults == []


def test_a_row_that_a_purge_does_not_explain_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    old = years_ago(monkeypatch, 200, "read", "export")
    now = timezone.now()
    access_log_purge(before=now - timedelta(days=181), lasting_before=now - timedelta(days=1100))
    as_superuser("DELETE FROM audit_accessentry WHERE id = %s", old[1])
    assert chain_faults().faults == [Fault(FaultKind.REMOVED, old[1], 2)]


def test_a_forged_purge_is_no_excuse() -> None:
    kept = access_record(Act("read"))
    anchor = anchor_make()
    assert anchor is not None
    AccessAnchor.objects.create(
        at=anchor.at, position=1, digest=bytes(anchor.digest), purged_short=1, mac="0" * 64
    )
    as_superuser("DELETE FROM audit_accessentry WHERE id = %s", kept.pk)
    assert Fault(FaultKind.REMOVED, kept.pk, 1) in chain_faults().faults


def test_the_database_itself_refuses_to_purge_too_early() -> None:
    access_record(Act("read"))
    entries_seal()
    with pytest.raises(Exception, match="180 days"), connection.cursor() as cursor:
        cursor.execute("SELECT audit_purge(1, 0)")


def test_records_of_giving_data_last() -> None:
    assert {"export", "release", "grant", "request", "recall"} <= LASTING
